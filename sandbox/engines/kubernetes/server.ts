import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { parse } from "yaml";
import { ReplyLost } from "../../faults.ts";
import { certificateFor } from "../ca.ts";
import { allocateHost, openedPort } from "../hosts.ts";
import { principalOf } from "./access/token.ts";
import { type ApiList, type ApiRequest, wanted } from "./api.ts";
import type { Cluster } from "./cluster.ts";
import { discovery } from "./discovery.ts";
import type { KubeObject } from "./objects.ts";
import { openApi } from "./openapi.ts";
import { fromProtobuf } from "./protobuf.ts";
import { requestOf } from "./request.ts";
import { apiVersionOf } from "./resources.ts";
import { failure, statusOf } from "./status.ts";
import type { Change } from "./store.ts";
import { tableOf } from "./table.ts";

const PORT = 443;
const TABLE = "as=Table";

/** Opens a cluster's API server on an address of its own, with a certificate of the sandbox's authority. */
export async function openApiServer(cluster: Cluster): Promise<void> {
  const { world, host } = cluster;
  const { address } = await allocateHost(world, host, [PORT]);
  const { certPem, keyPem, caPem, caFile } = await certificateFor(world, [
    host,
    address,
    "kubernetes.default.svc",
  ]);
  const server = createServer({ cert: certPem, key: keyPem }, (message, response) => {
    answer(cluster, message, response).catch((error: unknown) => {
      if (error instanceof ReplyLost || response.headersSent) return response.destroy();
      const { code, body } = statusOf(error);
      if (code >= 500) world.log("kubernetes", `${message.method} ${message.url}: ${String(error)}`);
      return json(response, code, body);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(openedPort(PORT), address, resolve);
  });
  world.onStop(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  Object.assign(cluster, { address, port: openedPort(PORT), caPem, caFile });
}

function json(response: ServerResponse, code: number, body: unknown): void {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(code, {
    "content-type": typeof body === "string" ? "text/plain" : "application/json",
    "content-length": Buffer.byteLength(text),
    ...(code === 429 ? { "retry-after": "1" } : {}),
  });
  response.end(text);
}

async function answer(cluster: Cluster, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(message.url ?? "/", `https://${cluster.host}`);
  const body = await bodyOf(message);
  if (["/healthz", "/livez", "/readyz"].includes(url.pathname)) return json(response, 200, "ok");
  const token = /^Bearer (.+)$/.exec(message.headers.authorization ?? "")?.[1];
  const principal = principalOf(cluster.world, cluster.name, token ?? "");
  const known = discovery(url.pathname, `${cluster.address}:${cluster.port}`) ?? openApi(url.pathname);
  if (known) return json(response, 200, known);
  const { verb, request } = requestOf(
    cluster.name,
    message.method ?? "GET",
    url,
    message.headers["content-type"],
    body,
  );
  const found = await cluster.world.call({
    service: "kubernetes",
    operation: verb,
    input: request,
    principal,
  });
  const accept = (message.headers.accept ?? "").split(",")[0]!;
  const asTable = accept.includes(TABLE);
  if (verb === "watch") return stream(cluster, request, response, asTable);
  return json(response, verb === "create" ? 201 : 200, shown(cluster, verb, request, found, accept));
}

function shown(cluster: Cluster, verb: string, request: ApiRequest, found: unknown, accept: string): unknown {
  const { resource, subresource } = request;
  const asTable = accept.includes(TABLE);
  if (verb === "list") {
    const { items, revision } = found as ApiList;
    if (asTable) return tableOf(resource.kind, items, String(revision), cluster.world.clock.now());
    const metadata = { resourceVersion: String(revision) };
    return { kind: `${resource.kind}List`, apiVersion: apiVersionOf(resource), metadata, items };
  }
  // What a client does not want to see, such as a secret's data, does not leave the server.
  if (verb === "get" && !subresource && accept.includes("as=PartialObjectMetadata"))
    return {
      apiVersion: "meta.k8s.io/v1",
      kind: "PartialObjectMetadata",
      metadata: (found as KubeObject).metadata,
    };
  if (verb === "get" && asTable && !subresource) {
    const object = found as KubeObject;
    return tableOf(resource.kind, [object], object.metadata.resourceVersion, cluster.world.clock.now());
  }
  return found;
}

/** Changes as lines of JSON, from the revision that was asked for, until the client or the world is gone. */
function stream(cluster: Cluster, request: ApiRequest, response: ServerResponse, asTable: boolean): void {
  const { store, world } = cluster;
  const { resource, namespace, query } = request;
  const fits = wanted({
    ...query,
    ...(request.name ? { fieldSelector: `metadata.name=${request.name}` } : {}),
  });
  const own = (object: KubeObject) =>
    (namespace === undefined || object.metadata.namespace === namespace) && fits(object);
  const send = (type: string, object: KubeObject) =>
    response.write(
      `${JSON.stringify({
        type,
        object: asTable
          ? tableOf(resource.kind, [object], object.metadata.resourceVersion, world.clock.now())
          : object,
      })}\n`,
    );
  const tell = ({ type, resource: of, object, before }: Change) => {
    if (of !== resource) return;
    const [is, was] = [own(object), before !== undefined && own(before)];
    // What begins or ceases to fit a selector appears or goes, for the one who watches.
    if (is && type !== "DELETED") send(was || type === "ADDED" ? type : "ADDED", object);
    else if (was) send("DELETED", object);
  };
  const from = query["resourceVersion"];
  const past = from && from !== "0" ? store.since(Number(from)) : undefined;
  response.writeHead(200, { "content-type": "application/json" });
  response.flushHeaders();
  if (past) for (const change of past) tell(change);
  else for (const object of store.list(resource, namespace)) if (own(object)) send("ADDED", object);
  const silence = store.listen(tell);
  const seconds = Number(query["timeoutSeconds"] ?? 0);
  const cancel = seconds > 0 ? world.clock.after(seconds * 1000, () => response.end()) : () => undefined;
  response.once("close", () => {
    cancel();
    silence();
  });
}

async function bodyOf(message: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  const bytes = Buffer.concat(parts);
  if (bytes.length === 0) return undefined;
  const type = message.headers["content-type"] ?? "";
  if (type.includes("protobuf")) return fromProtobuf(bytes);
  if (type.includes("cbor"))
    throw failure(
      "UnsupportedMediaType",
      "the sandbox's cluster speaks JSON, YAML and, for some kinds, protobuf",
    );
  const text = bytes.toString();
  try {
    return type.includes("yaml") ? parse(text) : JSON.parse(text);
  } catch (error) {
    throw failure("BadRequest", `the body is neither JSON nor YAML: ${String(error)}`);
  }
}
