import type {
  PracticeCleanEvent,
  PracticeEndEvent,
  PracticeFacts,
  PracticeReportEvent,
} from "../../lambdas/runtime/protocol.ts";
import { seconds } from "../plan/duration.ts";
import type { Practised } from "../plan/practice.ts";
import type { Plan } from "../plan/schema.ts";
import type { State } from "./asl.ts";
import { caughtText } from "./caught.ts";
import { type Bindings, type Context, invoke } from "./context.ts";
import { TASK_SECONDS } from "./deadline.ts";
import { constant, type Payload } from "./payloads.ts";
import { catchAll, catchQuietly, ENTERED } from "./variables.ts";

/** The states of every practice. */
export const STATES = {
  begin: "Begin practice",
  start: "May it start?",
  notStarted: "Practice not started",
  restored: "Restored and checked",
  clean: "Clean up",
  cleaned: "Cleaned up?",
  waitLast: "Wait for the last call",
  waitClean: "Wait until deleted",
  cleanFailed: "Clean-up failed",
  report: "Report practice",
  end: "End practice",
  good: "Good?",
  works: "Practised",
  failed: "Practice failed",
} as const;

/** What a practice calls beside the practised steps and their checks. */
export interface PracticeBindings extends Pick<Bindings, "actions" | "checks" | "alarms" | "partition"> {
  /** The function `practice`. */
  practice: string;
  /** The function `practice-clean`. */
  clean: string;
  report: string;
}

/** Seconds within which RDS has deleted a throw-away, and between two looks. */
export const CLEAN = { timeoutSeconds: 3600, everySeconds: 30 } as const;

/** Asks for the deletion again and again until nothing is there or the time is over; what is left is told. */
export function cleanStates(
  context: Context,
  { made }: Practised,
  given: PracticeBindings,
): Record<string, State> {
  const event: Payload<PracticeCleanEvent> = { verb: "clean", run: "{% $run %}", made };
  return {
    [STATES.clean]: invoke(context, given.clean, event, {
      timeoutSeconds: TASK_SECONDS.handler,
      Assign: {
        left: "{% $append([], $states.result.Payload.left) %}",
        isClean: "{% $states.result.Payload.done = true %}",
        cleanUntil: `{% $exists($cleanUntil) ? $cleanUntil : $toMillis(${ENTERED}) + ${CLEAN.timeoutSeconds * 1000} %}`,
        timeline: `{% $exists($cleanUntil) ? $timeline : $append($timeline, [{"at": ${ENTERED}, "state": ${JSON.stringify(STATES.clean)}}]) %}`,
      },
      Output: "{% $states.result.Payload %}",
      Next: STATES.cleaned,
      Catch: catchAll(STATES.clean, STATES.cleanFailed, {
        cleanFailure: {
          error: `{% ${caughtText("Error", "States.Unknown", 256)} %}`,
          cause: `{% ${caughtText("Cause", "no cause was given", 4000)} %}`,
          state: STATES.clean,
          at: `{% ${ENTERED} %}`,
        },
      }),
    }),
    [STATES.cleaned]: {
      Type: "Choice",
      Choices: [
        {
          Condition: `{% $not($isClean) and $toMillis(${ENTERED}) <= $cleanUntil %}`,
          Next: STATES.waitClean,
        },
        // The practice itself wrote its report, or could not.
        { Condition: "{% $cleanOnly %}", Next: STATES.end },
      ],
      Default: STATES.report,
      Output: {},
    },
    [STATES.waitClean]: { Type: "Wait", Seconds: CLEAN.everySeconds, Output: {}, Next: STATES.clean },
    [STATES.cleanFailed]: {
      Type: "Choice",
      Choices: [{ Condition: "{% $cleanOnly %}", Next: STATES.end }],
      Default: STATES.report,
      Output: {},
    },
  };
}

/** Report, history and mail; the execution fails where the practice did, so that its alarm rings. */
export function endStates(context: Context, plan: Plan, given: PracticeBindings): Record<string, State> {
  const { restore, loss } = plan.objectives;
  const facts: Payload<PracticeFacts> = {
    run: "{% $run %}",
    assumed: "{% $append([], $assumed) %}",
    changes: "{% $changes %}",
    steps: "{% $steps %}",
    measurements: "{% $append([], $measurements) %}",
    timeline: `{% $append($timeline, [{"at": ${ENTERED}, "state": "Cleaned up"}]) %}`,
    failure: "{% $failure %}",
    restoredAt: "{% $restoredAt %}",
    left: "{% $append([], $left) %}",
    cleanFailure: "{% $cleanFailure %}",
    objectives: constant({
      ...(restore ? { restore: seconds(restore) } : {}),
      ...(loss ? { loss: seconds(loss) } : {}),
    }) as PracticeFacts["objectives"],
  };
  const end: Payload<PracticeEndEvent> = {
    ...facts,
    verb: "end",
    cleanOnly: "{% $cleanOnly %}",
    report: "{% $report %}",
  };
  const report: Payload<PracticeReportEvent> = { ...facts, verb: "practice" };
  return {
    [STATES.report]: invoke(context, given.report, report, {
      timeoutSeconds: TASK_SECONDS.report,
      Assign: { report: "{% $states.result.Payload %}" },
      Output: {},
      Next: STATES.end,
      // A report that could not be written keeps nobody from hearing of the practice.
      Catch: catchQuietly(STATES.end),
    }),
    [STATES.end]: invoke(context, given.practice, end, {
      timeoutSeconds: TASK_SECONDS.handler,
      Assign: { ended: "{% $states.result.Payload %}" },
      Output: { outcome: "{% $states.result.Payload.outcome %}" },
      Next: STATES.good,
    }),
    [STATES.good]: {
      Type: "Choice",
      Choices: [{ Condition: "{% $ended.good = true %}", Next: STATES.works }],
      Default: STATES.failed,
    },
    [STATES.works]: { Type: "Succeed", Output: "{% $ended %}" },
    [STATES.failed]: { Type: "Fail", Error: "PracticeFailed", Cause: "{% $string($ended) %}" },
  };
}
