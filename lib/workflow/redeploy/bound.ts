import { seconds } from "../../plan/duration.ts";
import { rampSteps } from "../../plan/redeploy.ts";
import type { Registries } from "../../plan/registries.ts";
import type { Plan } from "../../plan/schema.ts";
import { MARGIN, phaseBound, TASK_SECONDS, taskBound } from "../deadline.ts";
import { JUDGE_SECONDS } from "../rehearsal.ts";
import { askRetry, readRetry } from "../retry.ts";
import { holdBound } from "./hold.ts";

/** Seconds within which every ramp of a plan ends, whatever the functions do. */
export function rampBound(plan: Plan, registries: Registries): number {
  const handler = taskBound(TASK_SECONDS.handler, readRetry());
  const report = taskBound(TASK_SECONDS.report, readRetry());
  const preflight = taskBound(TASK_SECONDS.preflight, readRetry());
  const steps = rampSteps(plan);
  let total = 8 * handler + report + taskBound(JUDGE_SECONDS, readRetry()) + seconds(plan.redeploy!.settle);
  // Resolved whole, in as many waves as it has steps at the most.
  total += steps.length * preflight;
  const longestLeg = Math.max(...steps.map(({ legSeconds }) => legSeconds));
  const longestHold = holdBound(plan, registries);
  const { approval } = plan.redeploy!;
  if (approval) {
    const questions = approval.ask === "ramp" ? 1 : steps.length;
    total += questions * (taskBound(seconds(approval.deadline), askRetry()) + 3 * handler);
  }
  for (const { stage, legs, holdSeconds } of steps) {
    total += holdSeconds + legs * (longestHold - longestLeg + 3 * handler) + 4 * handler;
    const phases = stage.steps.map((step) => phaseBound(step, registries));
    // Made side by side, let end, and taken back one after the other.
    total +=
      // Its own, and once more those of what follows.
      2 * preflight + Math.max(0, ...phases) + phases.reduce((sum, each) => sum + each, 0);
  }
  return Math.ceil(total * MARGIN);
}
