import type { RampBeginEvent } from "../../../lambdas/runtime/protocol.ts";
import { planHash } from "../../plan/load.ts";
import type { RampStep } from "../../plan/redeploy.ts";
import type { Plan } from "../../plan/schema.ts";
import type { State } from "../asl.ts";
import { type Context, handlerBinding, invoke } from "../context.ts";
import { TASK_SECONDS } from "../deadline.ts";
import type { Payload } from "../payloads.ts";
import { catchAll, catchQuietly, EMPTY, noted } from "../variables.ts";
import { budgetOf } from "./admission.ts";
import { askEntry, askStates } from "./approval.ts";
import { dryRunEntry } from "./dry-run.ts";
import { stops, THROWN, where } from "./ends.ts";
import { RAMP } from "./names.ts";
import { resolveEntry, resolveStates } from "./resolve.ts";
import { stepEntry } from "./step.ts";
import { tell } from "./tell.ts";

const EXECUTION = "$states.context.Execution";

/** May it begin, the whole of it resolved, and the ways for a dry run and for a ramp that approvers must let begin. */
export function beginStates(
  context: Context,
  plan: Plan,
  steps: RampStep[],
  boundSeconds: number,
): Record<string, State> {
  const hash = planHash(plan);
  const payload: Payload<RampBeginEvent> = {
    verb: "begin",
    input: `{% ${EXECUTION}.Input %}`,
    execution: {
      id: `{% ${EXECUTION}.Id %}`,
      name: `{% ${EXECUTION}.Name %}`,
      startTime: `{% ${EXECUTION}.StartTime %}`,
    },
    plan: hash,
    service: plan.service,
    budget: budgetOf(plan),
    observe: plan.mode === "observe",
    boundSeconds,
  };
  const unknownRun = {
    id: `{% ${EXECUTION}.Name %}`,
    service: plan.service,
    startedAt: `{% ${EXECUTION}.StartTime %}`,
    generation: -1,
    dryRun: false,
    reason: "not known: the ramp could not begin",
    trigger: { type: "manual", by: "unknown" },
    redeploys: "unknown",
    plan: hash,
  };
  const timeline = noted(RAMP.begin).replace("$timeline", "[]");
  const empty = { ...EMPTY, foreseen: {}, leg: 0, timeline, held: { held: false } };
  const asked = { index: -1, next: RAMP.announceStart };
  return {
    [RAMP.begin]: invoke(context, handlerBinding(context, "redeploy"), payload, {
      timeoutSeconds: TASK_SECONDS.handler,
      Assign: {
        ...empty,
        run: "{% $states.result.Payload.run %}",
        admission:
          '{% {"outcome": $states.result.Payload.outcome, "reason": $states.result.Payload.reason, "refused": $states.result.Payload.refused = true} %}',
      },
      Output: { outcome: "{% $states.result.Payload.outcome %}" },
      Next: RAMP.begun,
      Catch: catchAll(RAMP.begin, RAMP.announceRefusal).map((catcher) => ({
        ...catcher,
        Assign: {
          ...empty,
          run: unknownRun,
          admission: { outcome: "refused", reason: `{% ${THROWN} %}` },
          ...catcher.Assign,
        },
      })),
    }),
    [RAMP.begun]: {
      Type: "Choice",
      Choices: [{ Condition: '{% $admission.outcome = "admitted" %}', Next: resolveEntry(context) }],
      Default: RAMP.announceRefusal,
      Output: {},
    },
    [RAMP.announceRefusal]: tell(
      context,
      {
        phase: "ended",
        ...where(steps, -1),
        outcome: "{% $admission.outcome %}",
        ending: "{% $admission.outcome %}",
        because: "{% $admission.reason %}",
      },
      { Next: RAMP.notBegun, Catch: catchQuietly(RAMP.notBegun) },
      { now: true },
    ),
    [RAMP.notBegun]: {
      Type: "Fail",
      Error: '{% $admission.outcome = "frozen" ? "Frozen" : "Refusal" %}',
      Cause: "{% $substring($string($admission.reason), 0, 4000) %}",
    },
    // What cannot be resolved is not begun: nothing was changed.
    ...resolveStates(context, (state) => stops(state, steps, -1, "refused")),
    [RAMP.resolved]: {
      Type: "Choice",
      Choices: [{ Condition: "{% $run.dryRun = true %}", Next: dryRunEntry(context) }],
      Default: askEntry(context, steps, asked),
      Output: {},
    },
    ...askStates(context, steps, asked),
    [RAMP.announceStart]: tell(
      context,
      { phase: "started", ...where(steps, -1), next: steps[0]!.name },
      { Next: stepEntry(context, steps, 0), Catch: stops(RAMP.announceStart, steps, -1) },
    ),
  };
}
