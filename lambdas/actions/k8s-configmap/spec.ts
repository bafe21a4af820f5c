import * as z from "zod";
import {
  CLUSTER_CLIENTS,
  describeCluster,
  may,
  objectId,
  objectName,
  place,
  readsSaved,
  Saved,
} from "../../runtime/cluster-spec.ts";
import { defineAction } from "../../runtime/spec.ts";

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
      from: Saved.optional().describe("the saved manifest; its data replaces the present one"),
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
    const { find, get } = readsSaved(input.from, arn);
    return { read: [...read, ...find, ...get], write: [...write, ...get] };
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
