import * as z from "zod";
import { describeCluster, may, objectName, place } from "../../runtime/cluster-spec.ts";
import { defineCheck } from "../../runtime/spec.ts";

/** R15, O8, O10. */
export const k8sReady = defineCheck({
  kind: "k8s-ready",
  summary: "All pods of a Kubernetes deployment are ready, run the same template and do not restart",
  input: z.strictObject({
    ...place,
    deployment: objectName("deployment"),
    atLeast: z.int().min(1).default(1).describe("pods that there must be, whatever the deployment wants"),
    image: z.string().min(1).optional().describe("image that every pod must run in one of its containers"),
    notImage: z.string().min(1).optional().describe("image that no pod may run: the one rolled back from"),
    restarts: z
      .int()
      .min(0)
      .default(0)
      .describe("restarts that each container may have had since its pod was made"),
  }),
  timeoutSeconds: 30,
  permissions: (input, arn) => describeCluster(input, arn).read,
  clusterAccess: ({ cluster, namespace, deployment }) => ({
    cluster,
    namespace,
    read: [may.get("apps", "deployments", deployment), may.list("", "pods")],
  }),
  proves: ({ cluster, namespace, deployment }) => [
    { type: "k8s-deployment", id: `${cluster}/${namespace}/${deployment}` },
  ],
  clients: ["@aws-sdk/client-eks"],
  needsVpc: true,
  runbooks: ["R15", "O8", "O10"],
  docs: ["https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-conditions"],
});
