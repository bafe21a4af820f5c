import * as z from "zod";
import { may, onDeployment } from "../../runtime/cluster-spec.ts";
import { defineAction } from "../../runtime/spec.ts";

/** O6a. */
export const k8sScale = defineAction({
  ...onDeployment,
  kind: "k8s-scale",
  summary: "Scale a Kubernetes deployment: to nothing until its pods are gone, or back until they are ready",
  input: z.strictObject({
    ...onDeployment.input,
    replicas: z
      .union([z.int().min(0).max(10_000), z.literal("as-found")])
      .describe("number of pods; `as-found`: as many as when the run began"),
    goneWithin: z
      .int()
      .min(10)
      .max(600)
      .default(60)
      .describe("seconds in which the pods must be gone when it is scaled to 0"),
  }),
  before: z.strictObject({
    uid: z.string(),
    replicas: z.int(),
    wanted: z.int(),
    autoscaled: z.boolean(),
  }),
  outputs: z.strictObject({ replicas: z.number().describe("pods that it has now") }),
  // Nothing but the number changes, and the number is kept.
  effect: "overwrites",
  keepsBefore: true,
  revertible: true,
  timing: { timeoutSeconds: 300, pollSeconds: 5 },
  clusterAccess: (input) => {
    const access = onDeployment.clusterAccess(input);
    const others = [may.list("", "pods"), may.list("autoscaling", "horizontalpodautoscalers")];
    return { ...access, read: [...access.read, ...others] };
  },
  runbooks: ["O6a"],
  docs: ["https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#scaling-a-deployment"],
});
