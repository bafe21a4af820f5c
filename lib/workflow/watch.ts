import { ladderOf } from "../plan/ladder.ts";
import { rollbackStages } from "../plan/recovery.ts";
import { watchRounds } from "../plan/timing.ts";
import type { Assign, State } from "./asl.ts";
import { measure, NOT_PASSED, worstOf } from "./checks.ts";
import type { Context } from "./context.ts";
import { handOver } from "./handlers.ts";
import { FIXED } from "./names.ts";
import { restoreEntry } from "./restore.ts";
import { revertEntry } from "./revert.ts";
import { catchAll, ENTERED, foundOut, noted } from "./variables.ts";

/**
 * The stability watch: a fixed number of rounds, each at its own moment counted from the start, so that slow
 * measurements do not stretch it. What was measured and is bad is a relapse and is undone; what could not be measured
 * is no reason to act (invariant 3): the run fails, everything stays as it is, and a person is called.
 */
export function watchStates(context: Context): Record<string, State> {
  const { plan, names } = context;
  const { settleSeconds, rounds, everySeconds, progressRounds } = watchRounds(plan);
  const { checks, tolerate } = plan.watch;
  const climbs = ladderOf(plan).length > 0;
  return {
    [FIXED.settle]: { Type: "Wait", Seconds: settleSeconds, Output: {}, Next: FIXED.beginWatch },
    [FIXED.beginWatch]: {
      Type: "Pass",
      Assign: {
        watch: {
          round: 0,
          of: rounds,
          passed: 0,
          inconclusive: 0,
          inARow: 0,
          verdict: "inconclusive",
          everySeconds,
        },
        watchedFrom: `{% $toMillis(${ENTERED}) %}`,
        timeline: noted(FIXED.watch),
      },
      Output: {},
      Next: FIXED.nextRound,
    },
    [FIXED.nextRound]: {
      Type: "Wait",
      Timestamp: `{% $fromMillis($watchedFrom + ($watch.round + 1) * ${everySeconds * 1000}) %}`,
      Output: {},
      Next: FIXED.watch,
    },
    [FIXED.watch]: measure(context, checks, names.watch, {
      Assign: { checks: "{% $states.result %}", watch: `{% ${counted(checks.length)} %}` },
      Output: `{% {"note": "round " & $string($watch.round + 1) & " of ${rounds}: " & ${worstOf(checks.length)}} %}`,
      Next: FIXED.watchOn,
      Catch: catchAll(FIXED.watch, FIXED.reportFailure),
    }),
    [FIXED.watchOn]: {
      Type: "Choice",
      Choices: [
        {
          Condition: '{% $watch.verdict = "failed" %}',
          Next: climbs ? FIXED.climb : FIXED.relapsed,
        },
        { Condition: '{% $watch.verdict = "error" %}', Next: FIXED.watchInconclusive },
        { Condition: `{% $watch.inARow > ${tolerate} %}`, Next: FIXED.watchInconclusive },
        // The last word must be a measurement that passed.
        { Condition: `{% $watch.round >= ${rounds} and $watch.inARow > 0 %}`, Next: FIXED.watchInconclusive },
        { Condition: `{% $watch.round >= ${rounds} %}`, Next: restoreEntry(context) },
        { Condition: `{% $watch.round % ${progressRounds} = 0 %}`, Next: FIXED.announceProgress },
      ],
      Default: FIXED.nextRound,
      Output: {},
    },
    [FIXED.announceProgress]: handOver(context, "progress", {
      Next: FIXED.nextRound,
      Catch: catchAll(FIXED.announceProgress, FIXED.reportFailure),
    }),
    ...(climbs
      ? {}
      : {
          [FIXED.relapsed]: {
            Type: "Pass",
            Assign: failure("Relapsed"),
            Output: {},
            Next: revertEntry(context, rollbackStages(plan) - 1),
          } satisfies State,
        }),
    [FIXED.watchInconclusive]: {
      Type: "Pass",
      Assign: failure("WatchInconclusive"),
      Output: {},
      Next: FIXED.reportFailure,
    },
  };
}

const failure = (error: string): Assign => foundOut(FIXED.watch, error, NOT_PASSED);

/** `$watch` after a round. */
function counted(checks: number): string {
  return `($verdictNow := ${worstOf(checks)}; {"round": $watch.round + 1, "of": $watch.of, "passed": $watch.passed + ($verdictNow = "passed" ? 1 : 0), "inconclusive": $watch.inconclusive + ($verdictNow = "inconclusive" ? 1 : 0), "inARow": $verdictNow = "inconclusive" ? $watch.inARow + 1 : 0, "verdict": $verdictNow, "everySeconds": $watch.everySeconds})`;
}
