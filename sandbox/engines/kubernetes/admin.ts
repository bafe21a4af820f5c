import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import type { IssuedCredentials } from "../../front/credentials.ts";
import type { World } from "../../world.ts";
import type { ApiList, ApiRequest } from "./api.ts";
import { clusters } from "./cluster.ts";
import type { KubeObject } from "./objects.ts";
import { typeOf } from "./resources.ts";

/** What a cluster's administrator does, for scenarios and tests: a short kubectl. */
export interface ClusterAdmin {
  /** Makes an object, or merges it into the one that is there. */
  apply(object: object): Promise<KubeObject>;
  get<Kind extends KubeObject>(kind: string, namespace: string, name: string): Promise<Kind>;
  list<Kind extends KubeObject>(kind: string, namespace: string, labelSelector?: string): Promise<Kind[]>;
  /** What a pod's first container has written. */
  logs(namespace: string, pod: string): Promise<string>;
  /** For the real kubectl, good for 15 minutes; a session of these credentials. */
  kubeconfig(credentials: IssuedCredentials): Promise<string>;
}

export function clusterAdmin(world: World, cluster: string): ClusterAdmin {
  const call = <Answer>(operation: string, kind: string, rest: Partial<ApiRequest>) => {
    const input: ApiRequest = { cluster, resource: typeOf(kind), query: {}, ...rest };
    return world.call<Answer>({ service: "kubernetes", operation, input, principal: { type: "admin" } });
  };
  return {
    async apply(object) {
      const { kind, metadata } = object as KubeObject;
      const { name } = metadata;
      const namespace = typeOf(kind).namespaced ? (metadata.namespace ?? "default") : undefined;
      const { items } = await call<ApiList>("list", kind, { namespace });
      if (!items.some((each) => each.metadata.name === name))
        return call("create", kind, { namespace, body: object });
      const contentType = `application/${typeOf(kind).custom ? "merge" : "strategic-merge"}-patch+json`;
      return call("patch", kind, { namespace, name, contentType, body: object });
    },
    get: (kind, namespace, name) => call("get", kind, { namespace, name }),
    list: async <Kind extends KubeObject>(kind: string, namespace: string, labelSelector = "") =>
      (await call<ApiList>("list", kind, { namespace, query: { labelSelector } })).items as Kind[],
    logs: (namespace, name) => call("get", "Pod", { namespace, name, subresource: "log" }),
    kubeconfig: async (credentials) => kubeconfig(world, cluster, await tokenOf(world, cluster, credentials)),
  };
}

function kubeconfig(world: World, name: string, token: string): string {
  const found = clusters(world).get(name);
  if (!found) throw new Error(`The sandbox has no cluster ${name}`);
  const { address, port, host, caPem } = found;
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name,
        cluster: {
          server: `https://${address}:${port}`,
          "tls-server-name": host,
          "certificate-authority-data": Buffer.from(caPem).toString("base64"),
        },
      },
    ],
    users: [{ name: "sandbox", user: { token } }],
    contexts: [{ name, context: { cluster: name, user: "sandbox" } }],
    "current-context": name,
  });
}

/** A token as `aws eks get-token` makes it: a presigned GetCallerIdentity that names the cluster. */
export async function tokenOf(
  world: World,
  cluster: string,
  credentials: IssuedCredentials,
  signingDate = new Date(world.clock.now()),
): Promise<string> {
  const host = `sts.${world.region}.amazonaws.com`;
  const signer = new SignatureV4({ service: "sts", region: world.region, credentials, sha256: Sha256 });
  const { query = {} } = await signer.presign(
    {
      method: "GET",
      protocol: "https:",
      hostname: host,
      path: "/",
      query: { Action: "GetCallerIdentity", Version: "2011-06-15" },
      headers: { host, "x-k8s-aws-id": cluster },
    },
    { expiresIn: 60, signingDate, unhoistableHeaders: new Set(["x-k8s-aws-id"]) },
  );
  const parameters = new URLSearchParams(query as Record<string, string>);
  return `k8s-aws-v1.${Buffer.from(`https://${host}/?${parameters}`).toString("base64url")}`;
}
