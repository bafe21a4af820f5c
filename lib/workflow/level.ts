import { ladderOf } from "../plan/ladder.ts";
import type { Assign, Choice, State } from "./asl.ts";
import { NOT_PASSED } from "./checks.ts";
import type { Context } from "./context.ts";
import { FIXED } from "./names.ts";
import { ENTERED, foundOut, noted, quoted } from "./variables.ts";

/** Whether a part of the workflow runs at the level that was decided. */
export function levelGate(levels: string[], runs: string, skipped: string): Choice {
  return {
    Type: "Choice",
    Choices: [{ Condition: `{% $decision.level in [${levels.map(quoted).join(", ")}] %}`, Next: runs }],
    Default: skipped,
    Output: {},
  };
}

/**
 * Whether a stage runs now. A run that climbs comes by several times: at each level the stages of that level run that
 * have not run yet. `$level` is the level it has reached, `$ran` the numbers of the stages behind it.
 */
export function stageGate(context: Context, index: number, runs: string, skipped: string): Choice {
  const { levels } = context.plan.stages[index]!;
  if (ladderOf(context.plan).length === 0) return levelGate(levels ?? [], runs, skipped);
  const now = levels === undefined ? "true" : `$level in [${levels.map(quoted).join(", ")}]`;
  return {
    Type: "Choice",
    Choices: [{ Condition: `{% ${now} and $not(${index} in $ran) %}`, Next: runs }],
    Default: skipped,
    Output: {},
  };
}

/** Whether a stage is passed through a gate. */
export const gated = ({ plan }: Context, index: number): boolean =>
  plan.stages[index]!.levels !== undefined || ladderOf(plan).length > 0;

/** When the level that a state begins has had its time, epoch milliseconds. */
function levelDeadline({ plan }: Context, level: string): string {
  const times = ladderOf(plan).map(({ name, withinSeconds }) => `${quoted(name)}: ${withinSeconds * 1000}`);
  return `$toMillis(${ENTERED}) + ($t := $lookup({${times.join(", ")}}, ${level}); $exists($t) ? $t : 0)`;
}

/** From a level that did not help to the next one; after the last one to `undo`. */
export function climbStates(context: Context, entry: string, undo: string): Record<string, State> {
  const rungs = ladderOf(context.plan);
  if (rungs.length === 0) return {};
  const climbTo = context.names.climb;
  return {
    [FIXED.climb]: {
      Type: "Choice",
      Choices: rungs.slice(0, -1).map(({ name }, index) => ({
        Condition: `{% $level = ${quoted(name)} %}`,
        Next: climbTo[index + 1]!,
      })),
      Default: FIXED.noLevelHelped,
      Output: {},
    },
    [FIXED.noLevelHelped]: {
      Type: "Pass",
      Assign: foundOut(FIXED.climb, "NoLevelHelped", NOT_PASSED),
      Output: {},
      Next: undo,
    },
    ...Object.fromEntries(
      rungs.slice(1).map(({ name }, index): [string, State] => [
        climbTo[index + 1]!,
        {
          Type: "Pass",
          Assign: {
            level: name,
            levelDeadline: `{% ${levelDeadline(context, quoted(name))} %}`,
            timeline: noted(climbTo[index + 1]!),
          },
          Output: { note: `the level before did not help; ${name} is next` },
          Next: entry,
        },
      ]),
    ),
  };
}

/** What a run that climbs begins with. */
export function levelStart(context: Context): Assign {
  return ladderOf(context.plan).length === 0
    ? {}
    : {
        level: "{% $decision.level %}",
        ran: [],
        levelDeadline: `{% ${levelDeadline(context, "$decision.level")} %}`,
      };
}
