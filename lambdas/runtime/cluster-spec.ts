import * as z from "zod";
import { type ActionPermissions, type ArnBuilder, allow, type ClusterRule, type Permission } from "./spec.ts";

const Name = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, "a Kubernetes name: small letters, digits, - and .");

/** Where a step works: a namespace of an EKS cluster. */
export const place = {
  cluster: z
    .string()
    .regex(/^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/, "a cluster's name, not its ARN")
    .describe("name of the EKS cluster"),
  namespace: Name.describe("namespace"),
};

/** The name of an object in the namespace. */
export const objectName = (what: string) => Name.describe(what);

/** All that a step in a cluster calls of AWS: where the cluster is. What it may do there the cluster itself decides. */
export function describeCluster({ cluster }: { cluster: string }, arn: ArnBuilder): ActionPermissions {
  const describe = [allow("eks:DescribeCluster", arn.of("eks", `cluster/${cluster}`))];
  return { read: describe, write: describe };
}

export const CLUSTER_CLIENTS = ["@aws-sdk/client-eks", "@aws-sdk/client-dynamodb"];

const rule = (group: string, resource: string, verbs: string[], named?: string[]): ClusterRule => ({
  apiGroups: [group],
  resources: [resource],
  ...(named ? { resourceNames: named } : {}),
  verbs,
});

/** Rules by what they are for; objects are named wherever Kubernetes lets them be. None of them deletes. */
export const may = {
  get: (group: string, resource: string, ...named: string[]) => rule(group, resource, ["get"], named),
  change: (group: string, resource: string, ...named: string[]) =>
    rule(group, resource, ["get", "update"], named),
  patch: (group: string, resource: string, ...named: string[]) => rule(group, resource, ["patch"], named),
  // What is listed or made has no name as far as RBAC is concerned.
  list: (group: string, resource: string) => rule(group, resource, ["list"]),
  create: (group: string, resource: string) => rule(group, resource, ["create"]),
};

/** How plan rules know an object of a cluster. */
export const objectId = (
  type: string,
  { cluster, namespace }: { cluster: string; namespace: string },
  named: string,
) => ({ type: `k8s-${type}`, id: `${cluster}/${namespace}/${named}` });

/** What every step on one deployment declares alike: it reads that deployment, and changes it in place. */
export const onDeployment = {
  input: { ...place, deployment: objectName("deployment") },
  permissions: describeCluster,
  clusterAccess: ({ cluster, namespace, deployment }: Deployment) => ({
    cluster,
    namespace,
    read: [may.get("apps", "deployments", deployment)],
    write: [may.change("apps", "deployments", deployment)],
  }),
  touches: (input: Deployment) => [objectId("deployment", input, input.deployment)],
  clients: CLUSTER_CLIENTS,
  needsVpc: true,
};

interface Deployment {
  cluster: string;
  namespace: string;
  deployment: string;
}

/** Where a pipeline saved a manifest: a version of an S3 object. */
export const Saved = z.strictObject({
  bucket: z.string().min(3).describe("bucket with versions"),
  key: z.string().min(1).describe("object that holds the manifest, YAML or JSON"),
  version: z
    .string()
    .min(1)
    .default("before-deployment")
    .describe(
      "`before-deployment`: the newest one written before the recorded deployment; `latest`; or a version id",
    ),
});

/** What reading it takes; which version is meant is found in preflight. */
export function readsSaved(
  from: z.output<typeof Saved> | undefined,
  arn: ArnBuilder,
): { find: Permission[]; get: Permission[] } {
  if (!from) return { find: [], get: [] };
  const at = (path: string) => arn.of("s3", path, { region: "", account: "" });
  return {
    find: [allow("s3:ListBucketVersions", at(from.bucket))],
    get: [allow(["s3:GetObject", "s3:GetObjectVersion"], at(`${from.bucket}/${from.key}`))],
  };
}
