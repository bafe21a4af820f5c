import { operation, type Service } from "../../service.ts";
import { randomId } from "../../world.ts";
import { authorize } from "./access/authorize.ts";
import { identityOf } from "./access/entries.ts";
import { type Cluster, clusters, now } from "./cluster.ts";
import { withClusterIp } from "./cluster-ip.ts";
import { validate, withDefaults } from "./defaults.ts";
import type { Deployment, KubeObject, PodSpec } from "./objects.ts";
import { jsonPatch } from "./patches/json-patch.ts";
import { mergePatch } from "./patches/merge.ts";
import { strategicPatch } from "./patches/strategic.ts";
import { apiVersionOf, qualified, type ResourceType, typeOf } from "./resources.ts";
import { scaleOf } from "./scale.ts";
import { fieldSelector, labelSelector } from "./selectors.ts";
import { failure } from "./status.ts";
import { type Draft, notFound } from "./store.ts";

/** One request to a cluster's API server, its path taken apart. */
export interface ApiRequest {
  cluster: string;
  resource: ResourceType;
  namespace?: string;
  name?: string;
  subresource?: "status" | "scale" | "log";
  query: Record<string, string>;
  contentType?: string;
  body?: unknown;
}

/** A list with the revision at which it was read. */
export interface ApiList {
  items: KubeObject[];
  revision: number;
}

const SUFFIX = "bcdfghjklmnpqrstvwxz2456789";

/** Access as Kubernetes decides it: the caller's entry, then policies and RBAC. IAM itself has no say here. */
function entered(
  request: ApiRequest,
  verb: string,
  call: Parameters<Service["operations"][string]["run"]>[1],
) {
  const cluster = clusters(call.world).get(request.cluster);
  if (!cluster) throw failure("NotFound", `the cluster ${request.cluster} is gone`);
  // The sandbox's administrator may do everything, as everywhere else.
  if (call.principal.type === "admin") return cluster;
  const identity = identityOf(call.world, cluster.access, call.principal);
  if (!identity) throw failure("Unauthorized", "Unauthorized");
  const { resource, namespace, name, subresource } = request;
  authorize(cluster, identity, {
    verb,
    group: resource.group,
    resource: subresource ? `${resource.plural}/${subresource}` : resource.plural,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
  });
  return cluster;
}

const free = () => [];
const found = (cluster: Cluster, { resource, namespace, name = "" }: ApiRequest): KubeObject => {
  const object = cluster.store.get(resource, namespace, name);
  if (!object) throw notFound(resource, name);
  return object;
};

const get = operation<ApiRequest, unknown>({
  authorize: free,
  run: (request, call) => {
    const cluster = entered(request, "get", call);
    const object = found(cluster, request);
    if (request.subresource === "scale") return scaleOf(object);
    if (request.subresource === "log") return logOf(cluster, object, request.query);
    return object;
  },
});

function logOf(cluster: Cluster, pod: KubeObject, query: Record<string, string>): string {
  const container = query["container"] ?? (pod.spec as PodSpec).containers[0]!.name;
  const lines = cluster.logs.get(`${pod.metadata.uid}/${container}`) ?? [];
  return lines
    .slice(query["tailLines"] ? -Number(query["tailLines"]) : 0)
    .map((line) => `${line}\n`)
    .join("");
}

/** Which objects a request's selectors want. */
export function wanted(query: Record<string, string>): (object: KubeObject) => boolean {
  const byLabel = labelSelector(query["labelSelector"] ?? "");
  const byField = fieldSelector(query["fieldSelector"] ?? "");
  return (object) => byLabel(object.metadata.labels) && byField(object);
}

const list = operation<ApiRequest, ApiList>({
  authorize: free,
  run: (request, call) => {
    const { store } = entered(request, "list", call);
    const items = store.list(request.resource, request.namespace).filter(wanted(request.query));
    return { items, revision: store.revision };
  },
});

/** Only whether it may be watched; the server streams the changes itself. */
const watch = operation<ApiRequest, undefined>({
  authorize: free,
  run: (request, call) => void entered(request, "watch", call),
});

const create = operation<ApiRequest, KubeObject>({
  authorize: free,
  run: (request, call) => {
    const cluster = entered(request, "create", call);
    const { resource, namespace, body, query } = request;
    const given = (body ?? {}) as KubeObject;
    checkKind(resource, given);
    if (namespace !== undefined && !cluster.store.get(typeOf("Namespace"), undefined, namespace))
      throw notFound(typeOf("Namespace"), namespace);
    const metadata = given.metadata ?? {};
    const name =
      metadata.name ?? (metadata.generateName ? `${metadata.generateName}${randomId(5, SUFFIX)}` : undefined);
    if (!name) throw failure("Invalid", `${resource.kind} is invalid: metadata.name: Required value`);
    if (metadata.namespace && metadata.namespace !== namespace)
      throw failure("BadRequest", "the namespace of the object does not match the namespace on the request");
    const { status: _, ...rest } = given;
    const defaulted = withDefaults({
      ...rest,
      ...(resource.kind === "Namespace" ? { status: { phase: "Active" } } : {}),
      metadata: { ...metadata, name, ...(namespace === undefined ? {} : { namespace }) },
    }) as Draft<KubeObject>;
    const draft = withClusterIp(cluster.store, defaulted);
    validate(resource, draft);
    if (query["dryRun"]) return { ...draft, metadata: { ...metadata, name } } as KubeObject;
    return cluster.store.create(resource, draft);
  },
});

const update = operation<ApiRequest, unknown>({
  authorize: free,
  run: (request, call) => {
    const cluster = entered(request, "update", call);
    return put(cluster, request, found(cluster, request), request.body);
  },
});

const patch = operation<ApiRequest, unknown>({
  authorize: free,
  run: (request, call) => {
    const cluster = entered(request, "patch", call);
    const { contentType = "", body, resource } = request;
    // Said before anything else: server-side apply would make what is not there yet.
    if (contentType.startsWith("application/apply-patch"))
      throw failure(
        "UnsupportedMediaType",
        "the sandbox's cluster has no server-side apply: it keeps no field managers. Apply without --server-side",
      );
    const before = found(cluster, request);
    const target = request.subresource === "scale" ? scaleOf(before) : before;
    let after: unknown;
    if (contentType === "application/json-patch+json") after = jsonPatch(target, body as never);
    else if (contentType === "application/merge-patch+json") after = mergePatch(target, body);
    else if (contentType === "application/strategic-merge-patch+json" && !resource.custom)
      after = strategicPatch(target, body);
    else
      throw failure(
        "UnsupportedMediaType",
        `the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json${resource.custom ? "" : ", application/strategic-merge-patch+json"}`,
      );
    return put(cluster, request, before, after);
  },
});

/** Stores the changed object, or its status or scale, in the place of the one that was read. */
function put(cluster: Cluster, request: ApiRequest, before: KubeObject, given: unknown): unknown {
  const { resource, subresource, query, name } = request;
  const after = given as KubeObject;
  if (after?.metadata?.name !== name)
    throw failure(
      "BadRequest",
      `the name of the object (${after?.metadata?.name}) does not match the name on the URL (${name})`,
    );
  const { resourceVersion } = after.metadata;
  const expected = resourceVersion ? { resourceVersion } : { resourceVersion: "" };
  let next: KubeObject;
  if (subresource === "scale") {
    const { replicas } = (after.spec ?? {}) as { replicas?: number };
    const spec = { ...(before as Deployment).spec!, replicas: replicas ?? 0 };
    next = { ...before, spec, metadata: { ...before.metadata, ...expected } };
  } else if (subresource === "status")
    next = { ...before, status: after.status, metadata: { ...before.metadata, ...expected } };
  else {
    checkKind(resource, after);
    if (after.metadata.uid && after.metadata.uid !== before.metadata.uid)
      throw failure(
        "Conflict",
        `Operation cannot be fulfilled on ${qualified(resource)} "${name}": Precondition failed: UID in precondition: ${after.metadata.uid}, UID in object meta: ${before.metadata.uid}`,
      );
    const { namespace, deletionTimestamp } = before.metadata;
    const defaulted = withDefaults({
      ...after,
      metadata: {
        ...after.metadata,
        ...expected,
        ...(namespace === undefined ? {} : { namespace }),
        ...(deletionTimestamp ? { deletionTimestamp } : {}),
      },
    });
    next = withClusterIp(cluster.store, defaulted, before);
    if (resource.subresources?.includes("status")) {
      if (before.status === undefined) delete next.status;
      else next.status = before.status;
    }
  }
  validate(resource, next, before);
  const stored = query["dryRun"] ? next : cluster.store.update(resource, next);
  return subresource === "scale" ? scaleOf(stored) : stored;
}

function checkKind(resource: ResourceType, { kind, apiVersion }: KubeObject): void {
  if (kind !== resource.kind || apiVersion !== apiVersionOf(resource))
    throw failure(
      "BadRequest",
      `the object provided (${apiVersion} ${kind}) is not a ${apiVersionOf(resource)} ${resource.kind}`,
    );
}

/** Pods get their time to end; everything else is gone at once, and the garbage collector takes what it owned. */
const remove = operation<ApiRequest, unknown>({
  authorize: free,
  run: (request, call) => {
    const cluster = entered(request, "delete", call);
    const { resource, namespace, name = "", query } = request;
    const object = found(cluster, request);
    if (query["dryRun"]) return object;
    if (resource.kind === "Pod") {
      const metadata = {
        ...object.metadata,
        deletionTimestamp: object.metadata.deletionTimestamp ?? now(cluster),
      };
      return cluster.store.update(resource, { ...object, metadata });
    }
    cluster.store.remove(resource, namespace, name);
    return {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Success",
      details: { name, kind: resource.plural, uid: object.metadata.uid },
    };
  },
});

/**
 * The API servers of all clusters as one service of the world, so that faults, recordings and the log see their calls as
 * they see AWS's. It is no AWS service: the front door never reaches it.
 */
export const kubernetes: Service = {
  name: "kubernetes",
  client: async () => ({}),
  operations: { get, list, watch, create, update, patch, delete: remove },
};
