import { ladderOf, RECOVERY_SECONDS } from "../plan/ladder.ts";
import { rollbackStages } from "../plan/recovery.ts";
import type { State } from "./asl.ts";
import { keepMeasured, measure, NOT_PASSED } from "./checks.ts";
import type { Context } from "./context.ts";
import { afterFailure } from "./escalation/start.ts";
import { announce, handOver, release, report } from "./handlers.ts";
import { climbStates } from "./level.ts";
import { FIXED } from "./names.ts";
import { briefRetry } from "./retry.ts";
import { revertEntry } from "./revert.ts";
import { stageEntry } from "./stage.ts";
import { catchAll, catchQuietly, ENTERED, FAILED_ENDING, foundOut, GOOD_ENDING, noted } from "./variables.ts";

/** Verification after the last stage. Measured and bad is undone; not measurable is held for a person (invariant 3). */
export function verifyStates(context: Context): Record<string, State> {
  const { plan, names } = context;
  const climbs = ladderOf(plan).length > 0;
  const { measurements, ...round } = keepMeasured(FIXED.verify, plan.verify.length);
  return {
    [FIXED.verify]: measure(context, plan.verify, names.verify, {
      // A level is verified until it helps; only the last round is kept.
      Assign: climbs ? round : { ...round, measurements },
      Output: {},
      Next: FIXED.verified,
      Catch: catchAll(FIXED.verify, FIXED.reportFailure),
    }),
    [FIXED.verified]: {
      Type: "Choice",
      Choices: [
        {
          Condition: '{% $verdict = "passed" %}',
          Next: FIXED.announceVerified,
          ...(climbs ? { Assign: { measurements: "{% $append($measurements, $checks) %}" } } : {}),
        },
        ...(climbs
          ? [
              { Condition: `{% $toMillis(${ENTERED}) < $levelDeadline %}`, Next: FIXED.recover },
              { Condition: '{% $verdict = "failed" %}', Next: FIXED.climb },
            ]
          : []),
        { Condition: '{% $verdict = "failed" %}', Next: FIXED.notVerified },
      ],
      Default: FIXED.verifyInconclusive,
      Output: {},
    },
    [FIXED.announceVerified]: handOver(context, "verified", {
      Next: FIXED.settle,
      Catch: catchAll(FIXED.announceVerified, FIXED.reportFailure),
    }),
    ...(climbs
      ? {
          [FIXED.recover]: {
            Type: "Wait",
            Seconds: RECOVERY_SECONDS,
            Output: {},
            Next: FIXED.verify,
          } satisfies State,
        }
      : {}),
    ...climbStates(context, stageEntry(context, 0), revertEntry(context, rollbackStages(plan) - 1)),
    [FIXED.notVerified]: {
      Type: "Pass",
      Assign: foundOut(FIXED.verify, "ChecksNotPassed", NOT_PASSED),
      Output: {},
      Next: revertEntry(context, rollbackStages(plan) - 1),
    },
    [FIXED.verifyInconclusive]: {
      Type: "Pass",
      Assign: foundOut(FIXED.verify, "VerificationInconclusive", NOT_PASSED),
      Output: {},
      Next: FIXED.reportFailure,
    },
  };
}

/** The end of a run whose watch passed. A report or mail that fails here fails the run, but undoes nothing. */
export function successStates(context: Context, end: string = FIXED.rolledBack): Record<string, State> {
  return {
    [FIXED.report]: report(context, "succeeded", {
      Assign: { timeline: noted(FIXED.report) },
      Next: FIXED.announceSuccess,
      Catch: catchAll(FIXED.report, FIXED.reportFailure),
    }),
    [FIXED.announceSuccess]: announce(context, "succeeded", {
      Next: FIXED.release,
      Catch: catchAll(FIXED.announceSuccess, FIXED.reportFailure),
    }),
    [FIXED.release]: release(context, "succeeded", {
      Next: end,
      Catch: catchAll(FIXED.release, FIXED.reportFailure),
    }),
    [end]: {
      Type: "Succeed",
      Output: {
        outcome: `{% ${GOOD_ENDING} %}`,
        run: "{% $run.id %}",
        level: ladderOf(context.plan).length > 0 ? "{% $level %}" : "{% $decision.level %}",
        changes: "{% $summaries %}",
        watch: "{% $watch %}",
        report: "{% $report %}",
      },
    },
  };
}

/** The end of a run that failed: report, mail, the lock kept until a person releases it. Each goes on to the next. */
export function failureStates(context: Context): Record<string, State> {
  return {
    [FIXED.reportFailure]: report(context, "failed", {
      Retry: briefRetry(),
      Next: FIXED.announceFailure,
      Catch: catchQuietly(FIXED.announceFailure),
    }),
    [FIXED.announceFailure]: announce(context, "failed", {
      Next: afterFailure(context),
      Catch: catchQuietly(afterFailure(context)),
    }),
    [FIXED.keepLock]: release(context, "failed", { Next: FIXED.failed, Catch: catchQuietly(FIXED.failed) }),
    [FIXED.failed]: {
      Type: "Fail",
      Error: "{% $failure.error %}",
      Cause: `{% $substring(${FAILED_ENDING} & ". " & $failure.state & ": " & $failure.cause, 0, 4000) %}`,
    },
  };
}
