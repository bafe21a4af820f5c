import * as z from "zod";
import {
  CLUSTER_CLIENTS,
  describeCluster,
  may,
  objectId,
  objectName,
  place,
} from "../../runtime/cluster-spec.ts";
import { defineAction } from "../../runtime/spec.ts";

const Replicas = z.int().min(1).max(10_000);

/** O9. Suspended is said in the autoscaler itself (`behavior`): nothing is deleted, and anybody sees it. */
export const k8sHpa = defineAction({
  kind: "k8s-hpa",
  summary: "Suspend a Kubernetes autoscaler, or give it its bounds and let it scale again",
  input: z
    .strictObject({
      ...place,
      hpa: objectName("horizontal pod autoscaler"),
      suspend: z
        .literal(true)
        .optional()
        .describe("true: it scales neither up nor down until it is given bounds"),
      minReplicas: Replicas.optional().describe("least pods"),
      maxReplicas: Replicas.optional().describe("most pods"),
      cpuPercent: z
        .int()
        .min(1)
        .max(100)
        .optional()
        .describe("mean CPU utilization that it holds; its own metrics stay unless given"),
      deployment: objectName(
        "deployment that it scales: makes the autoscaler where somebody deleted it",
      ).optional(),
    })
    .refine(
      ({ suspend, minReplicas, maxReplicas }) =>
        (suspend === true) !== (minReplicas !== undefined && maxReplicas !== undefined),
      {
        path: ["minReplicas"],
        message: "give either suspend or both minReplicas and maxReplicas",
      },
    )
    .refine(({ minReplicas = 1, maxReplicas = 10_000 }) => minReplicas <= maxReplicas, {
      path: ["maxReplicas"],
      message: "at least minReplicas",
    }),
  before: z.strictObject({
    uid: z.string().optional(),
    spec: z.record(z.string(), z.unknown()).optional().describe("the autoscaler's spec as it was"),
    wanted: z.record(z.string(), z.unknown()),
  }),
  outputs: z.strictObject({
    suspended: z.boolean().describe("whether it scales nothing now"),
    minReplicas: z.number().describe("least pods that hold now"),
    maxReplicas: z.number().describe("most pods that hold now"),
  }),
  effect: "overwrites",
  keepsBefore: true,
  revertible: true,
  timing: { timeoutSeconds: 60, pollSeconds: 5 },
  permissions: describeCluster,
  clusterAccess: ({ cluster, namespace, hpa, deployment }) => ({
    cluster,
    namespace,
    read: [may.get("autoscaling", "horizontalpodautoscalers", hpa)],
    write: [
      may.change("autoscaling", "horizontalpodautoscalers", hpa),
      ...(deployment ? [may.create("autoscaling", "horizontalpodautoscalers")] : []),
    ],
  }),
  touches: (input) => [objectId("hpa", input, input.hpa)],
  clients: CLUSTER_CLIENTS,
  needsVpc: true,
  runbooks: ["O9"],
  docs: [
    "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#configurable-scaling-behavior",
  ],
});
