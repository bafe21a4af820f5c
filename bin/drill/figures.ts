import type { HistoryEvent } from "@aws-sdk/client-sfn";
import { seconds } from "../../lib/plan/duration.ts";
import { ladderOf } from "../../lib/plan/ladder.ts";
import { registries } from "../../lib/plan/registries.ts";
import type { Plan } from "../../lib/plan/schema.ts";
import { stateTimes, variable } from "./history.ts";
import { clockText } from "./print.ts";

/** One row of the table at the end of a drill: a span, and the objective the runbook sets for it. */
export interface Figure {
  name: string;
  /** Seconds of sandbox time; undefined when it did not come to that. */
  seconds: number | undefined;
  /** Seconds; undefined when the plan states none. */
  objective: number | undefined;
  /** From what to what. */
  meaning: string;
}

/** The spans of a run, from the release that caused it, the alarm's transition and the execution's history. */
export function figures(
  plan: Plan,
  events: HistoryEvent[],
  releaseAt: number,
  alarmAt: number | undefined,
): Figure[] {
  const span = (from: number | undefined, to: number | undefined) =>
    from === undefined || to === undefined ? undefined : Math.max(0, (to - from) / 1000);
  const objective = (text: string | undefined) => (text === undefined ? undefined : seconds(text));
  const exited = (name: string) => stateTimes(events, name).exited;
  /** When the last stage that does this was over, its checks too. */
  const over = (effect: "creates" | "switches") => {
    const name = plan.stages.findLast(({ steps }) =>
      steps.some(({ action }) => registries.actions[action]?.effect === effect),
    )?.name;
    return name === undefined ? undefined : (exited(`Check: ${name}`) ?? exited(name));
  };
  const restored = over("creates");
  const cutOver = over("switches");
  const { objectives } = plan;
  return [
    {
      name: "detection",
      seconds: span(releaseAt, alarmAt),
      objective: objective(objectives.detect),
      meaning: "release → alarm",
    },
    {
      name: "decision",
      seconds: span(alarmAt, exited("Decide")),
      objective: objective(objectives.decide),
      meaning: "alarm → decided",
    },
    {
      name: "restore",
      seconds: span(alarmAt, restored),
      objective: objective(objectives.restore),
      meaning: "alarm → restored and checked",
    },
    {
      name: "cutover",
      seconds: span(restored, cutOver),
      objective: objective(objectives.cutover),
      meaning: "restored → switched over",
    },
    {
      name: "verified",
      seconds: span(alarmAt, exited("Verify")),
      objective: objective(objectives.verified),
      meaning: "alarm → all checks passed",
    },
    ...levelFigure(plan, events),
  ];
}

/** The level that a climbing run ended at: from its beginning until it was verified, against the time it is given. */
function levelFigure(plan: Plan, events: HistoryEvent[]): Figure[] {
  const reached = variable(events, "level");
  const rung = ladderOf(plan).find(({ name }) => name === reached);
  if (!rung) return [];
  const begun =
    stateTimes(events, `Climb to ${rung.name}`).entered ?? stateTimes(events, "Announce start").exited;
  const verified = stateTimes(events, "Announce restored").entered;
  return [
    {
      name: `level ${rung.name}`,
      seconds: begun === undefined || verified === undefined ? undefined : (verified - begun) / 1000,
      objective: rung.withinSeconds,
      meaning: "its first step → all checks passed",
    },
  ];
}

/** The table, one line a figure. */
export function figureLines(rows: Figure[]): string[] {
  return rows.map(({ name, seconds: measured, objective, meaning }) => {
    const text = measured === undefined ? "-" : clockText(measured * 1000);
    const bar = objective === undefined ? "no objective" : `objective ${clockText(objective * 1000)}`;
    const verdict =
      measured === undefined
        ? "not reached"
        : objective === undefined
          ? ""
          : measured <= objective
            ? "met"
            : "MISSED";
    return `  ${name.padEnd(10)} ${text.padStart(8)}   ${bar.padEnd(17)} ${verdict.padEnd(11)}  ${meaning}`;
  });
}
