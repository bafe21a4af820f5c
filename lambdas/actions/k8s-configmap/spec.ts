import * as z from "zod";
import {
  CLUSTER_CLIENTS,
  describeCluster,
  may,
  objectId,
  objectName,
  place,
} from "../../runtime/cluster-spec.ts";
import { allow, defineAction } from "../../runtime/spec.ts";

const Data = z.record(z.string(), z.string());

/**
 * R9, O7, H1 (a flag in a config map). A cluster keeps no earlier version of a config map, so it comes from where the
 * pipeline saved it: a version of an S3 object, or the plan itself. Pods read it when they are made: `k8s-restart`.
 */
export const k8sConfigmap = defineAction({
  kind: "k8s-configmap",
  summary: "Give a Kubernetes config map the data that was saved in S3, or values from the plan",
  input: z
    .strictObject({
      ...place,
      configMap: objectName("config map"),
      from: z
        .strictObject({
          bucket: z.string().min(3).describe("bucket with versions"),
          key: z.string().min(1).describe("object that holds the manifest, YAML or JSON"),
          version: z
            .string()
            .min(1)
            .default("before-deployment")
            .describe(
              "`before-deployment`: the newest one written before the recorded deployment; `latest`; or a version id",
            ),
        })
        .optional()
        .describe("the saved manifest; its data replaces the present one"),
      set: Data.optional().describe("keys that get these values; the others stay"),
    })
    .refine(({ from, set }) => (from === undefined) !== (set === undefined), {
      path: ["from"],
      message: "give either from or set",
    }),
  before: z.strictObject({
    uid: z.string(),
    data: Data.optional().describe("the data as it was"),
    binaryData: Data.optional(),
    wanted: z.strictObject({ digest: z.string(), versionId: z.string().optional() }),
  }),
  outputs: z.strictObject({ digest: z.string().describe("digest of the data that holds now") }),
  effect: "overwrites",
  keepsBefore: true,
  revertible: true,
  timing: { timeoutSeconds: 60, pollSeconds: 5 },
  permissions: (input, arn) => {
    const { read, write } = describeCluster(input, arn);
    if (!input.from) return { read, write };
    const { bucket, key } = input.from;
    const at = (path: string) => arn.of("s3", path, { region: "", account: "" });
    const get = allow(["s3:GetObject", "s3:GetObjectVersion"], at(`${bucket}/${key}`));
    const list = allow("s3:ListBucketVersions", at(bucket));
    return { read: [...read, get, list], write: [...write, get] };
  },
  clusterAccess: ({ cluster, namespace, configMap }) => ({
    cluster,
    namespace,
    read: [may.get("", "configmaps", configMap)],
    write: [may.change("", "configmaps", configMap)],
  }),
  touches: (input) => [objectId("configmap", input, input.configMap)],
  clients: [...CLUSTER_CLIENTS, "@aws-sdk/client-s3"],
  needsVpc: true,
  runbooks: ["R9", "O7", "H1"],
  docs: [
    "https://kubernetes.io/docs/concepts/configuration/configmap/",
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/RetrievingObjectVersions.html",
  ],
});
