import * as z from "zod";
import { onDeployment } from "../../runtime/cluster-spec.ts";
import { defineAction } from "../../runtime/spec.ts";

/** R3, O3. A rollout under way stops where it is; `k8s-rollout` resumes it with the template that it brings back. */
export const k8sPause = defineAction({
  ...onDeployment,
  kind: "k8s-pause",
  summary: "Pause a Kubernetes deployment, so that a rollout under way goes no further",
  input: z.strictObject(onDeployment.input),
  before: z.strictObject({ uid: z.string(), paused: z.boolean() }),
  outputs: z.strictObject({ paused: z.boolean().describe("whether the rollout is paused now") }),
  effect: "overwrites",
  keepsBefore: true,
  revertible: true,
  timing: { timeoutSeconds: 60, pollSeconds: 5 },
  runbooks: ["R3", "O3"],
  docs: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#pausing-and-resuming-a-deployment",
  ],
});
