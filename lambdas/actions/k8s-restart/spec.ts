import * as z from "zod";
import { onDeployment } from "../../runtime/cluster-spec.ts";
import { defineAction } from "../../runtime/spec.ts";

/** R9, O7. What a change of a config map or secret needs to reach pods that read it when they start. */
export const k8sRestart = defineAction({
  ...onDeployment,
  kind: "k8s-restart",
  summary: "Start a Kubernetes deployment's pods anew, as its strategy says, and wait until they run",
  input: z.strictObject(onDeployment.input),
  before: z.strictObject({ uid: z.string(), mark: z.string().optional() }),
  outputs: z.strictObject({ revision: z.number().describe("revision that runs now") }),
  effect: "overwrites",
  keepsBefore: true,
  revertible: true,
  timing: { timeoutSeconds: 300, pollSeconds: 5 },
  runbooks: ["R9", "R10", "O7"],
  docs: ["https://kubernetes.io/docs/reference/kubectl/generated/kubectl_rollout/kubectl_rollout_restart/"],
});
