import type { KubeObject, PodTemplate, Selector } from "../objects.ts";
import { bounds } from "./rollout.ts";

/** A step of the canary strategy, of those that this controller knows. */
export interface Step {
  setWeight?: number;
  /** Without a duration until somebody promotes it. */
  pause?: { duration?: number | string };
}

export interface RolloutSpec {
  replicas: number;
  paused?: boolean;
  selector: Selector;
  template: PodTemplate;
  strategy: {
    canary: { steps?: Step[]; maxSurge?: number | string; maxUnavailable?: number | string };
  };
}

/** https://github.com/argoproj/argo-rollouts/blob/master/pkg/apis/rollouts/v1alpha1/types.go, `RolloutStatus` */
export interface RolloutStatus {
  abort?: boolean;
  abortedAt?: string;
  pauseConditions?: { reason: string; startTime: string }[];
  controllerPause?: boolean;
  currentPodHash?: string;
  stableRS?: string;
  currentStepIndex?: number;
  observedGeneration?: string;
  replicas?: number;
  updatedReplicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  phase?: "Healthy" | "Degraded" | "Progressing" | "Paused";
  message?: string;
}
export type ArgoRollout = KubeObject<RolloutSpec, RolloutStatus>;

/** Pods of a replica set: wanted, and available. */
export interface Count {
  size: number;
  available: number;
}

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600 };
const secondsOf = (duration: number | string) =>
  typeof duration === "number" ? duration : Number.parseFloat(duration) * (UNITS[duration.at(-1)!] ?? 1);

const stepsOf = ({ strategy }: RolloutSpec) => strategy.canary.steps ?? [];
export const isPromoted = ({ stableRS, currentPodHash }: RolloutStatus): boolean =>
  stableRS === currentPodHash;

/** Percent that the canary is to get: nothing once aborted, everything behind the last step. Pure. */
function weightOf(spec: RolloutSpec, { abort, currentStepIndex = 0 }: RolloutStatus): number {
  if (abort) return 0;
  const steps = stepsOf(spec);
  if (currentStepIndex >= steps.length) return 100;
  return (
    steps.slice(0, currentStepIndex + 1).findLast(({ setWeight }) => setWeight !== undefined)?.setWeight ?? 0
  );
}

/** How the pods are to be shared. Between nothing and everything each side has at least one of several. Pure. */
export function wantedCounts(spec: RolloutSpec, status: RolloutStatus): { canary: number; stable: number } {
  const { replicas } = spec;
  const weight = status.stableRS === undefined || isPromoted(status) ? 100 : weightOf(spec, status);
  const exact = Math.round((replicas * weight) / 100);
  const canary =
    weight === 0 || weight === 100 || replicas < 2 ? exact : Math.min(replicas - 1, Math.max(1, exact));
  return { canary, stable: replicas - canary };
}

/**
 * The next sizes of both replica sets: what is missing comes first, the stable one's pods before the canary's, as far as
 * the surge allows; then goes what is too much, as far as enough stay available. Pure.
 */
export function nextSizes(
  spec: RolloutSpec,
  wanted: { canary: number; stable: number },
  now: { canary: Count; stable: Count },
): { canary: number; stable: number } {
  const { maxSurge = "25%", maxUnavailable = "25%" } = spec.strategy.canary;
  const { surge, unavailable } = bounds({
    replicas: spec.replicas,
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge, maxUnavailable } },
  });
  let room = spec.replicas + surge - now.canary.size - now.stable.size;
  let spare = now.canary.available + now.stable.available - (spec.replicas - unavailable);
  const next = (side: "canary" | "stable") => {
    const { size, available } = now[side];
    if (size < wanted[side]) {
      const more = Math.max(0, Math.min(room, wanted[side] - size));
      room -= more;
      return size + more;
    }
    // Pods that serve nobody may go whenever they are too many.
    const idle = Math.min(size - available, size - wanted[side]);
    const less = Math.max(0, Math.min(spare, size - wanted[side] - idle));
    spare -= less;
    return size - idle - less;
  };
  const stable = next("stable");
  return { stable, canary: next("canary") };
}

/** One step on: what the status becomes, given what there is. `now` is an RFC 3339 instant. Pure. */
export function advanced(
  spec: RolloutSpec,
  status: RolloutStatus,
  has: { canary: Count; stable: Count },
  now: string,
): RolloutStatus {
  const steps = stepsOf(spec);
  const { abort: _, abortedAt, pauseConditions, controllerPause, ...rest } = status;
  // The first version has nothing to be compared with, and what is promoted cannot be aborted any more.
  if (status.stableRS === undefined || isPromoted(status))
    return {
      ...rest,
      currentStepIndex: steps.length,
      ...(has.canary.available >= spec.replicas && status.currentPodHash
        ? { stableRS: status.currentPodHash }
        : {}),
    };
  if (status.abort) return { ...rest, abort: true, abortedAt: abortedAt ?? now, currentStepIndex: 0 };
  // Tried again after an abort: from the first step.
  if (abortedAt) return { ...rest, currentStepIndex: 0 };
  const index = status.currentStepIndex ?? 0;
  const next = { ...rest, currentStepIndex: index + 1 };
  const step = steps[index];
  const wanted = wantedCounts(spec, status);
  const there =
    has.canary.available >= wanted.canary &&
    has.canary.size === wanted.canary &&
    has.stable.size === wanted.stable;
  if (!step) return there ? { ...rest, stableRS: status.currentPodHash! } : status;
  if (step.setWeight !== undefined) return there ? next : status;
  const [begun] = pauseConditions ?? [];
  if (!begun)
    return controllerPause
      ? next
      : {
          ...status,
          controllerPause: true,
          pauseConditions: [{ reason: "CanaryPauseStep", startTime: now }],
        };
  const { duration } = step.pause ?? {};
  const over =
    duration !== undefined && Date.parse(now) - Date.parse(begun.startTime) >= secondsOf(duration) * 1000;
  return over ? next : status;
}

/** Phase and message as the controller words them. Pure. */
export function phaseOf(
  spec: RolloutSpec,
  status: RolloutStatus,
  revision: number,
): Required<Pick<RolloutStatus, "phase" | "message">> {
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  if (status.abort)
    return { phase: "Degraded", message: `RolloutAborted: Rollout aborted update to revision ${revision}` };
  if (spec.paused) return { phase: "Paused", message: "manually paused" };
  if (status.pauseConditions?.[0]) return { phase: "Paused", message: status.pauseConditions[0].reason };
  const progressing = (message: string) => ({ phase: "Progressing" as const, message });
  if (updatedReplicas < spec.replicas) return progressing("more replicas need to be updated");
  if (availableReplicas < updatedReplicas)
    return progressing("updated replicas are still becoming available");
  if (replicas > updatedReplicas) return progressing("old replicas are pending termination");
  if (!isPromoted(status)) return progressing("waiting for all steps to complete");
  return { phase: "Healthy", message: "" };
}
