import { Agent, request } from "node:https";
import { DescribeClusterCommand, EKSClient } from "@aws-sdk/client-eks";
import { clientSettings, once } from "../clients.ts";
import type { Context } from "../context.ts";
import { refusal, WatchdogError } from "../errors.ts";
import { failureOf, type Status } from "./failures.ts";
import { clusterToken } from "./token.ts";

const eks = once(() => new EKSClient(clientSettings));

/** One kept connection for each cluster of a process. */
const agents = new Map<string, Agent>();

/** Without the object's data: a secret's value does not even reach the function. */
const METADATA_ONLY = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

export interface Meta {
  name: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  deletionTimestamp?: string;
  ownerReferences?: { uid: string }[];
}

/** What every object has. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: Meta;
}

/** The API server of one cluster; paths as in Kubernetes' API reference. */
export interface Kubernetes {
  cluster: string;
  /** undefined: there is no such object. */
  get<Kind extends KubeObject>(path: string): Promise<Kind | undefined>;
  /** Only the metadata of an object. */
  metadata(path: string): Promise<KubeObject | undefined>;
  list<Kind extends KubeObject>(path: string, labels?: Record<string, string>): Promise<Kind[]>;
  create<Kind extends KubeObject>(path: string, object: object): Promise<Kind>;
  /** Puts an object in the place of the one with its `resourceVersion`; throws {@link Conflict} when that is gone. */
  replace<Kind extends KubeObject>(path: string, object: Kind): Promise<Kind>;
  /** Merges into the status of the object with this `resourceVersion`; throws {@link Conflict} when that is gone. */
  patchStatus<Kind extends KubeObject>(path: string, resourceVersion: string, status: object): Promise<Kind>;
}

/**
 * Opens a cluster: where it is and whose certificate it has come from EKS, who calls from the function's role.
 * Asked anew in each invocation, since a cluster's endpoint may change.
 */
export async function kubernetes(
  cluster: string,
  { region, now }: Pick<Context, "region" | "now">,
): Promise<Kubernetes> {
  const { cluster: found } = await eks().send(new DescribeClusterCommand({ name: cluster }));
  const { endpoint, certificateAuthority, status, resourcesVpcConfig } = found ?? {};
  if (!endpoint || !certificateAuthority?.data)
    throw refusal(
      `The cluster ${cluster} is ${status ?? "unknown"} and has no endpoint. Nothing was changed. Wait until it is active.`,
    );
  const ca = Buffer.from(certificateAuthority.data, "base64").toString();
  const agent = agents.get(endpoint + ca) ?? new Agent({ keepAlive: true, ca });
  agents.set(endpoint + ca, agent);
  const hint =
    resourcesVpcConfig?.endpointPublicAccess === false
      ? " It is reached from within its VPC only: the plan needs a `vpc` from which there is a way to it."
      : "";
  let token = await clusterToken(cluster, region, now());

  async function call<Answer>(
    method: string,
    path: string,
    body?: object,
    accept = "application/json",
  ): Promise<Answer | undefined> {
    const send = () => answerOf(new URL(path, endpoint), { method, agent, token, accept, body, hint });
    let answer = await send();
    if (answer.code === 401) {
      // It may have expired on the way: once more with a new one.
      token = await clusterToken(cluster, region, now());
      answer = await send();
    }
    if (answer.code < 300) return answer.body as Answer;
    if (answer.code === 404 && method === "GET") return undefined;
    throw failureOf(cluster, `${method} ${path}`, answer.code, answer.body as Status);
  }

  return {
    cluster,
    get: (path) => call("GET", path),
    metadata: (path) => call("GET", path, undefined, METADATA_ONLY),
    list: async <Kind extends KubeObject>(path: string, labels: Record<string, string> = {}) => {
      const selector = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
      const query = selector.length > 0 ? `?labelSelector=${encodeURIComponent(selector.join(","))}` : "";
      const answer = await call<{ items?: Kind[] }>("GET", `${path}${query}`);
      return answer?.items ?? [];
    },
    create: async <Kind extends KubeObject>(path: string, object: object) =>
      (await call<Kind>("POST", path, object))!,
    replace: async <Kind extends KubeObject>(path: string, object: Kind) =>
      (await call<Kind>("PUT", path, object))!,
    patchStatus: async <Kind extends KubeObject>(path: string, resourceVersion: string, status: object) =>
      (await call<Kind>("PATCH", `${path}/status`, { metadata: { resourceVersion }, status }))!,
  };
}

interface Sent {
  method: string;
  agent: Agent;
  token: string;
  accept: string;
  body: object | undefined;
  /** What may be the reason when nobody answers. */
  hint: string;
}

/** One request. A connection that breaks or hangs is ServiceUnavailable: whether it was done is not known. */
function answerOf(
  url: URL,
  { method, agent, token, accept, body, hint }: Sent,
): Promise<{ code: number; body: unknown }> {
  return new Promise((resolve, reject) => {
    const broken = (error: Error) =>
      reject(
        new WatchdogError(
          "ServiceUnavailable",
          `${method} ${url.pathname} of ${url.hostname} had no answer: ${error.message}.${hint}`,
          { cause: error },
        ),
      );
    const sent = request(
      url,
      {
        method,
        agent,
        timeout: clientSettings.requestHandler.requestTimeout,
        headers: {
          authorization: `Bearer ${token}`,
          accept,
          "user-agent": "rollback-watchdog",
          ...(body ? { "content-type": `application/${method === "PATCH" ? "merge-patch+" : ""}json` } : {}),
        },
      },
      (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (part: string) => {
          text += part;
        });
        answer.on("error", broken);
        answer.on("end", () => {
          const json = (answer.headers["content-type"] ?? "").includes("json");
          resolve({ code: answer.statusCode ?? 0, body: json ? JSON.parse(text) : { message: text } });
        });
      },
    );
    sent.on("timeout", () => sent.destroy(new Error("no answer in time")));
    sent.on("error", broken);
    sent.end(body ? JSON.stringify(body) : undefined);
  });
}
