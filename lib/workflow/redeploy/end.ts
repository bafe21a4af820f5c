import type { RampOutcome, RampReportEvent } from "../../../lambdas/runtime/protocol.ts";
import { seconds } from "../../plan/duration.ts";
import type { RampStep } from "../../plan/redeploy.ts";
import type { Catcher, State } from "../asl.ts";
import { type Context, handlerBinding, invoke } from "../context.ts";
import { TASK_SECONDS } from "../deadline.ts";
import { call } from "../escalation/start.ts";
import type { Payload } from "../payloads.ts";
import { catchAll, catchQuietly, ENTERED } from "../variables.ts";
import { endTask, leave } from "./admission.ts";
import { stops, where } from "./ends.ts";
import { RAMP } from "./names.ts";
import { tell } from "./tell.ts";

/** The common end of every way back, the good end, and the one end of everything else. */
export function endStates(context: Context, steps: RampStep[]): Record<string, State> {
  const last = steps.length - 1;
  const afterEnd = context.plan.escalation ? RAMP.needed : RAMP.ended;
  const ends = {
    step: "{% $at.step %}",
    number: "{% $at.number %}",
    outcome: "{% $outcome %}",
    ending: "{% $ending %}",
    because: "{% $because %}",
  } as never as Payload<{ step: string; number: number }>;
  const done = { ...where(steps, last), outcome: "redeployed", ending: "redeployed" } as const;
  return {
    // Without changes there is nothing to take back, and no state that leads here.
    ...(steps.some(({ stage }) => stage.steps.length > 0)
      ? {
          [RAMP.giveBack]: leave(context, {
            Next: RAMP.announceBack,
            Catch: catchAll(RAMP.giveBack, RAMP.announceBack),
          }),
          [RAMP.announceBack]: tell(
            context,
            {
              phase: "back",
              step: "{% $from.step %}",
              number: "{% $from.number %}" as never,
              next: "{% $at.step %}",
              because: "{% $because %}",
            },
            { Next: RAMP.settle, Catch: catchQuietly(RAMP.settle) },
          ),
          [RAMP.settle]: {
            Type: "Wait",
            Seconds: seconds(context.plan.redeploy!.settle),
            Output: {},
            Next: RAMP.end,
          },
        }
      : {}),
    [RAMP.finish]: endTask(
      context,
      { outcome: "redeployed", ending: "redeployed" },
      {
        Assign: { finished: "{% $states.result.Payload.ended = true %}" },
        Next: RAMP.finished,
        Catch: stops(RAMP.finish, steps, last),
      },
    ),
    [RAMP.finished]: {
      Type: "Choice",
      Choices: [{ Condition: "{% $finished %}", Next: RAMP.reportDone }],
      // Something fired in the very last moment: it is not out yet.
      Default: `Go back from ${steps[last]!.name}`,
      Assign: {
        held: {
          held: false,
          error: "CriterionFired",
          cause: "a criterion fired at the end of the last step",
        },
      },
      Output: {},
    },
    ...reported(
      context,
      { report: RAMP.reportDone, keep: RAMP.keepDone, next: RAMP.announceDone },
      { ...done, because: "", at: where(steps, last) },
      (state) => stops(state, steps, last),
    ),
    [RAMP.announceDone]: tell(
      context,
      { phase: "ended", ...done },
      { Next: RAMP.redeployed, Catch: stops(RAMP.announceDone, steps, last) },
      { now: true },
    ),
    [RAMP.redeployed]: {
      Type: "Succeed",
      Output: { outcome: "redeployed", run: "{% $run.id %}", version: "{% $run.redeploys %}" },
    },
    [RAMP.end]: endTask(
      context,
      { outcome: "{% $outcome %}", ending: "{% $ending %}" },
      { Next: RAMP.report, Catch: catchQuietly(RAMP.report) },
    ),
    // After the lock is free and what rang is looked at again: nobody waits for a report.
    ...reported(
      context,
      { report: RAMP.report, keep: RAMP.keep, next: RAMP.announceEnd },
      {
        outcome: "{% $outcome %}",
        ending: "{% $ending %}",
        because: "{% $because %}",
        at: { step: "{% $at.step %}", number: "{% $at.number %}" },
      },
      () => catchQuietly(RAMP.announceEnd),
    ),
    [RAMP.announceEnd]: tell(
      context,
      { phase: "ended", ...ends } as never,
      { Next: afterEnd, Catch: catchQuietly(afterEnd) },
      { now: true },
    ),
    ...ladderStates(context),
    [RAMP.ended]: {
      Type: "Fail",
      Error: `{% ${ERROR} %}`,
      Cause: '{% $substring($ending & ": " & $because, 0, 4000) %}',
    },
  };
}

/** The report of a ramp, and where it is, for who asks later. */
function reported(
  context: Context,
  names: { report: string; keep: string; next: string },
  how: Payload<Pick<RampReportEvent, "outcome" | "ending" | "because" | "at">>,
  caught: (state: string) => Catcher[],
): Record<string, State> {
  const event = {
    verb: "ramp",
    run: "{% $run %}",
    of: context.plan.redeploy!.steps.length,
    changes: "{% $changes %}",
    checks: "{% $checks %}",
    reverts: "{% $reverts %}",
    timeline: "{% $timeline %}",
    approval: "{% $approval %}",
    ...how,
    because: how.because === "" ? '{% "" %}' : how.because,
  } as Payload<RampReportEvent>;
  return {
    [names.report]: invoke(context, context.bindings.handlers.report, event, {
      timeoutSeconds: TASK_SECONDS.report,
      Assign: { report: "{% $states.result.Payload %}" },
      Output: "{% $states.result.Payload %}",
      Next: names.keep,
      Catch: caught(names.report),
    }),
    [names.keep]: invoke(
      context,
      handlerBinding(context, "redeploy"),
      { verb: "report", run: "{% $run %}", report: "{% $report %}" },
      {
        timeoutSeconds: TASK_SECONDS.handler,
        Output: {},
        Next: names.next,
        Catch: caught(names.keep),
      },
    ),
  };
}

/** Ends after which people are called until somebody comes, as after a run that failed: what is out is not what anybody wanted. */
const NEEDS_SOMEBODY: RampOutcome[] = ["failed", "back", "replaced"];

function ladderStates(context: Context): Record<string, State> {
  if (!context.plan.escalation) return {};
  const failure = `{% {"error": ${ERROR}, "cause": $string($because), "state": $string($at.step), "at": ${ENTERED}} %}`;
  return {
    [RAMP.needed]: {
      Type: "Choice",
      Choices: [{ Condition: `{% $outcome in ${JSON.stringify(NEEDS_SOMEBODY)} %}`, Next: RAMP.call }],
      Default: RAMP.ended,
      Output: {},
    },
    [RAMP.call]: call(
      context,
      "redeploy",
      { Next: RAMP.ended, Catch: catchQuietly(RAMP.ended) },
      { failure },
    ),
  };
}

const ERRORS: Record<RampOutcome, string> = {
  redeployed: "NotAnnounced",
  back: "WentBack",
  overtaken: "Overtaken",
  replaced: "Replaced",
  frozen: "Frozen",
  failed: "RampFailed",
  refused: "Refusal",
  rejected: "Rejected",
  held: "Held",
  "dry-run": "NotAnnounced",
};

const ERROR = `$lookup(${JSON.stringify(ERRORS)}, $outcome)`;
