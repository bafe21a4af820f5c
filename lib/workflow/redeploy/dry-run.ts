import type { PlanCallsEvent } from "../../../lambdas/runtime/protocol.ts";
import { rampCost } from "../../plan/ramp-visits.ts";
import { BEFORE_ALL, rampChanges, rampOutline, rampSteps } from "../../plan/redeploy.ts";
import { quickest } from "../../plan/timing.ts";
import type { State } from "../asl.ts";
import { type Context, invoke } from "../context.ts";
import { constant, type Payload } from "../payloads.ts";
import { JUDGE_SECONDS } from "../rehearsal.ts";
import { endTask } from "./admission.ts";
import { stops } from "./ends.ts";
import { RAMP } from "./names.ts";
import { tell } from "./tell.ts";

/** Where a dry run goes on with the whole ramp resolved. */
export const dryRunEntry = ({ bindings }: Context): string =>
  bindings.planned ? RAMP.planCalls : RAMP.announceDryRun;

/**
 * In place of the steps: the calls that they would make, in their order, with what IAM says of each; how long each is
 * held, and what would take it back. People are told, and nothing is changed.
 */
export function dryRunStates(context: Context, boundSeconds: number): Record<string, State> {
  const { plan, registries, bindings } = context;
  const steps = rampSteps(plan);
  const outline = rampOutline(plan);
  const changes = rampChanges(plan).map(({ change }) => change.id);
  const holds = steps.reduce((total, { holdSeconds }) => total + holdSeconds, 0);
  const made = steps.map(({ stage }) => stage).filter(({ steps: each }) => each.length > 0);
  const payload: Payload<PlanCallsEvent> = {
    verb: "calls",
    run: "{% $run %}",
    steps: changes,
    loses: [],
    expected: (bindings.planned?.expected ?? []).filter(({ as, ramp }) => ramp && as === "write"),
    seconds: { best: holds + quickest(made, registries), worst: boundSeconds },
    usd: rampCost(plan, registries),
  };
  // Nothing was changed, so nobody is called for it.
  const catches = (state: string) => stops(state, steps, -1, "refused");
  return {
    ...(dryRunEntry(context) === RAMP.planCalls
      ? {
          [RAMP.planCalls]: invoke(context, bindings.planned!.preflight, payload, {
            timeoutSeconds: JUDGE_SECONDS,
            Assign: { planned: "{% $states.result.Payload %}" },
            Output: {},
            Next: RAMP.announceDryRun,
            Catch: catches(RAMP.planCalls),
          }),
        }
      : {}),
    [RAMP.announceDryRun]: tell(
      context,
      {
        phase: "dry-run",
        step: BEFORE_ALL,
        next: steps[0]!.name,
        because: '{% $admission.refused ? $admission.reason : "" %}',
      },
      { Next: RAMP.endDryRun, Catch: catches(RAMP.announceDryRun) },
      { now: true, more: { planned: "{% $planned %}" }, outline: constant(outline) },
    ),
    [RAMP.endDryRun]: endTask(
      context,
      { outcome: "dry-run", ending: "dry-run" },
      { Next: RAMP.dryRun, Catch: catches(RAMP.endDryRun) },
    ),
    [RAMP.dryRun]: {
      Type: "Succeed",
      Output: {
        outcome: "dry-run",
        run: "{% $run.id %}",
        version: "{% $run.redeploys %}",
        refused: '{% $admission.refused ? $admission.reason : "" %}',
        changes: "{% $summaries %}",
        planned: "{% $planned %}",
        outline: constant(outline),
      },
    },
  };
}
