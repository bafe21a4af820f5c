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

const GROUP = "argoproj.io";

/** R5. Argo Rollouts goes back by itself; this only tells it to, as `kubectl argo rollouts abort` does. */
export const argoAbort = defineAction({
  kind: "argo-abort",
  summary: "Abort the update of an Argo Rollout, and wait until its stable version has all the traffic",
  input: z.strictObject({ ...place, rollout: objectName("Argo Rollout") }),
  before: z.strictObject({
    uid: z.string(),
    aborted: z.boolean().describe("whether it was aborted already"),
    template: z.string().describe("digest of the template that is being rolled out"),
    updating: z.string().describe("pod template hash of the version that is aborted"),
    stable: z.string().describe("pod template hash of the version that stays"),
  }),
  outputs: z.strictObject({
    stable: z.string().describe("pod template hash of the version that has the traffic"),
    phase: z
      .string()
      .describe("the Rollout's phase; an aborted one is Degraded until its template is set back"),
  }),
  effect: "overwrites",
  keepsBefore: true,
  revertible: true,
  timing: { timeoutSeconds: 300, pollSeconds: 5 },
  permissions: describeCluster,
  clusterAccess: ({ cluster, namespace, rollout }) => ({
    cluster,
    namespace,
    read: [may.get(GROUP, "rollouts", rollout), may.list("apps", "replicasets")],
    write: [may.get(GROUP, "rollouts", rollout), may.patch(GROUP, "rollouts/status", rollout)],
  }),
  touches: (input) => [objectId("rollout", input, input.rollout)],
  clients: CLUSTER_CLIENTS,
  needsVpc: true,
  runbooks: ["R5"],
  docs: [
    "https://argo-rollouts.readthedocs.io/en/stable/generated/kubectl-argo-rollouts/kubectl-argo-rollouts_abort/",
    "https://argo-rollouts.readthedocs.io/en/stable/features/kubectl-plugin/",
  ],
});
