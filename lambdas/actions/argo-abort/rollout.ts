import type { KubeObject } from "../../runtime/kubernetes/client.ts";
import type { ReplicaSet } from "../../runtime/kubernetes/workload.ts";

/** An Argo Rollout, as far as an abort is concerned. */
export interface Rollout extends KubeObject {
  spec: { replicas?: number; template?: unknown; workloadRef?: unknown };
  status?: {
    abort?: boolean;
    abortedAt?: string;
    currentPodHash?: string;
    stableRS?: string;
    /** A generation, as text. */
    observedGeneration?: string;
    updatedReplicas?: number;
    phase?: string;
    message?: string;
    /** Only where the traffic is routed, and not shared out by the number of pods. */
    canary?: { weights?: { canary?: { weight?: number }; verified?: boolean } };
    blueGreen?: { activeSelector?: string };
  };
}

/** Label by which Argo Rollouts knows the pods and the replica set of one version. */
export const HASH = "rollouts-pod-template-hash";

/**
 * Whether the stable version has all the traffic, and what is still missing. Pure.
 *
 * A Rollout that routes traffic keeps the aborted version's pods for a while (30 s unless it says otherwise) and they
 * get nothing; without routing each pod gets its share, so they have to be gone.
 */
export function takenBack(
  { spec, status = {} }: Rollout,
  stable: ReplicaSet | undefined,
): { done: boolean; note: string } {
  const wanted = spec.replicas ?? 1;
  const available =
    (stable as { status?: { availableReplicas?: number } } | undefined)?.status?.availableReplicas ?? 0;
  const pods = `${available} of ${wanted} pods of the stable version are available`;
  if (!status.abortedAt) return { done: false, note: "Argo Rollouts has not looked at the abort yet" };
  if (available < wanted) return { done: false, note: pods };
  const { canary, blueGreen, updatedReplicas = 0 } = status;
  if (blueGreen?.activeSelector !== undefined && blueGreen.activeSelector !== status.stableRS)
    return { done: false, note: `${pods}, but the active service leads to ${blueGreen.activeSelector}` };
  const weights = canary?.weights;
  if (weights) {
    const { weight = 0 } = weights.canary ?? {};
    const done = weight === 0 && weights.verified !== false;
    return {
      done,
      note: `${pods}, the aborted one gets ${weight} %${weights.verified === false ? ", not yet verified" : ""}`,
    };
  }
  if (blueGreen?.activeSelector === undefined && updatedReplicas > 0)
    return { done: false, note: `${pods}, ${updatedReplicas} of the aborted one are still there` };
  return { done: true, note: pods };
}
