import * as z from "zod";
import {
  CLUSTER_CLIENTS,
  describeCluster,
  may,
  objectId,
  objectName,
  place,
} from "../../runtime/cluster-spec.ts";
import { SecretName } from "../../runtime/secret-name.ts";
import { allow, defineAction } from "../../runtime/spec.ts";

const VersionId = z.string().min(32).max(64);

/** Where what was overwritten is kept, in the cluster itself; a later run's takes its place. */
export const keptName = (name: string): string => `${name}-before-rollback`;

/** R10. The values stay between Secrets Manager, this function and the cluster; only ids are in the run's data. */
export const k8sSecret = defineAction({
  kind: "k8s-secret",
  summary:
    "Hand a version of a Secrets Manager secret to a Kubernetes secret; what was there is kept beside it",
  input: z.strictObject({
    ...place,
    name: objectName("the Kubernetes secret"),
    secret: SecretName.describe("name or ARN of the secret in Secrets Manager"),
    version: z
      .union([z.enum(["previous", "current"]), VersionId])
      .default("previous")
      .describe("`previous` or `current` when the run begins, or a version id"),
    members: z
      .record(z.string(), z.string())
      .optional()
      .describe(
        "key in the cluster → member of the secret's JSON; all members under their own names unless given",
      ),
  }),
  before: z.strictObject({
    uid: z.string(),
    resourceVersion: z.string(),
    versionId: VersionId,
  }),
  outputs: z.strictObject({ versionId: VersionId.describe("the version that the cluster has now") }),
  effect: "overwrites",
  keepsBefore: true,
  revertible: true,
  timing: { timeoutSeconds: 60, pollSeconds: 5 },
  permissions: (input, arn) => {
    const resource = input.secret.startsWith("arn:")
      ? input.secret
      : arn.of("secretsmanager", `secret:${input.secret}-??????`);
    const { read, write } = describeCluster(input, arn);
    return {
      read: [...read, allow("secretsmanager:DescribeSecret", resource)],
      write: [...write, allow("secretsmanager:GetSecretValue", resource)],
    };
  },
  clusterAccess: ({ cluster, namespace, name }) => ({
    cluster,
    namespace,
    // Kubernetes has no permission for a secret's metadata alone; no more than that is asked for.
    read: [may.get("", "secrets", name)],
    write: [may.change("", "secrets", name, keptName(name)), may.create("", "secrets")],
  }),
  touches: (input) => [objectId("secret", input, input.name)],
  clients: [...CLUSTER_CLIENTS, "@aws-sdk/client-secrets-manager"],
  needsVpc: true,
  runbooks: ["R10"],
  docs: ["https://kubernetes.io/docs/concepts/configuration/secret/"],
});
