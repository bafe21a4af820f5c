import type { PlanCallsEvent } from "../../lambdas/runtime/protocol.ts";
import type { State } from "./asl.ts";
import { type Context, invoke } from "./context.ts";
import { estimate } from "./estimate.ts";
import { FIXED } from "./names.ts";
import type { Payload } from "./payloads.ts";
import { JUDGE_SECONDS } from "./rehearsal.ts";
import { catchAll } from "./variables.ts";

/** Where a dry run goes on with every change resolved. */
export const plannedEntry = ({ bindings }: Context): string =>
  bindings.planned ? FIXED.planCalls : FIXED.announceDryRun;

/**
 * In place of the changes of a dry run: the calls that it would make, in their order, with what IAM says of each.
 */
export function plannedStates(context: Context): Record<string, State> {
  const { plan, registries, bindings } = context;
  if (!bindings.planned) return {};
  const { seconds, usd } = estimate(plan, registries);
  const payload: Payload<PlanCallsEvent> = {
    verb: "calls",
    run: "{% $run %}",
    steps: "{% $append([], $keys($changes)) %}",
    loses:
      '{% [$each($changes, function($change, $step) { $exists($change.losesFrom) ? {"step": $step, "from": $change.losesFrom, "keeps": $exists($change.keeps) ? $append([], $change.keeps) : []} })] %}',
    expected: bindings.planned.expected.filter(({ as, ramp }) => as === "write" && !ramp),
    seconds,
    usd,
  };
  return {
    [FIXED.planCalls]: invoke(context, bindings.planned.preflight, payload, {
      timeoutSeconds: JUDGE_SECONDS,
      Assign: { planned: "{% $states.result.Payload %}" },
      Output: {},
      Next: FIXED.announceDryRun,
      Catch: catchAll(FIXED.planCalls, FIXED.reportFailure),
    }),
  };
}
