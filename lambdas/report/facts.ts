import type { Change, ReportEvent, StepFacts } from "../runtime/protocol.ts";
import { objectiveRows, spanText } from "./spans.ts";

/** Of how a run ended, what it means for what it had changed. */
const STANDS: Record<ReportEvent["ending"], string> = {
  "rolled back": "rolled back, verified and watched",
  reverted: "failed; everything it had done is undone",
  held: "failed; what it had done stands, for a person to look at",
  refused: "refused; nothing was changed",
  "needs a person": "failed; what it left is not known to be well, a person is needed",
  "taken back": "an earlier rollback was undone and the service verified",
};

/** The outcome in words. */
export const endingText = ({ ending }: Pick<ReportEvent, "ending">): string => STANDS[ending];

/** Steps whose change stands: all of a run that was rolled back or held, those that could not be undone of any other. */
function standing({ ending, changes, reverts }: ReportEvent): [string, Change][] {
  const all = Object.entries(changes);
  if (["refused", "reverted", "taken back"].includes(ending)) return [];
  const undone = (step: string, reverted: boolean) =>
    reverts.some((each) => each.step === step && each.reverted === reverted);
  // A step that could not be ended after a good watch is the only one that anybody tried to undo: the rest stands.
  if (ending === "needs a person" && !reverts.every(({ reverted }) => !reverted))
    return all.filter(([step]) => undone(step, false));
  return all.filter(([step]) => !undone(step, true));
}

/** What was set aside and kept, a line each: as the step said when it was done (`kept`), or what it was to keep. */
export const keptLines = (event: ReportEvent): string[] =>
  standing(event).flatMap(([step, { keeps = [] }]) => {
    const kept = event.steps[step]?.["kept"];
    const lines = Array.isArray(kept) ? kept.filter((line) => typeof line === "string") : keeps;
    return lines.map((line) => `${step}: ${line}`);
  });

/** Writes between the two moments are not in what was restored. */
export interface Loss {
  step: string;
  from: string;
  /** When nothing could be written to the old place any more; undefined when the run never came to that. */
  to: string | undefined;
  seconds: number | undefined;
}

/** The data-loss window of each change that brings an older state back: until writers were stopped, or moved over. */
export function lossWindows(event: ReportEvent): Loss[] {
  const { timeline, stepFacts } = event;
  const over = (effect: StepFacts["effect"]) => {
    const stages = Object.values(stepFacts)
      .filter((each) => each.effect === effect)
      .map(({ stage }) => stage);
    const index = timeline.findLastIndex(({ state }) => stages.includes(state));
    if (index < 0) return undefined;
    // A stage's own entry is written when its steps are done.
    return timeline[index + 1]?.at ?? timeline[index]?.at;
  };
  return standing(event).flatMap(([step, { losesFrom }]) => {
    if (losesFrom === undefined) return [];
    const to = over("fences") ?? over("switches");
    const seconds =
      to === undefined ? undefined : Math.max(0, (Date.parse(to) - Date.parse(losesFrom)) / 1000);
    return [{ step, from: losesFrom, to, seconds }];
  });
}

export function lossText({ from, to, seconds }: Loss): string {
  return to === undefined
    ? `what was written after ${from} is not in what was restored; no end of the window was reached`
    : `${spanText(seconds)}: what was written from ${from} to ${to} is not in what was restored`;
}

/** Seconds from the alarm, and from the release, until the service was verified. */
export function recovery(event: ReportEvent): {
  fromAlarm: number | undefined;
  fromRelease: number | undefined;
} {
  const rows = objectiveRows(event);
  const of = (name: string) => rows.find((row) => row.name === name)?.seconds;
  const [detected, fromAlarm] = [of("detect"), of("verified")];
  if (event.ending !== "rolled back") return { fromAlarm: undefined, fromRelease: undefined };
  return {
    fromAlarm,
    fromRelease: detected === undefined || fromAlarm === undefined ? undefined : detected + fromAlarm,
  };
}

/** A resource that is no longer what infrastructure code or Git say of it. */
export interface Otherwise {
  step: string;
  resources: string;
  now: string;
}

/** Effects after which code says something else than the account. What is only made or copied contradicts nothing. */
const CONTRADICTS: StepFacts["effect"][] = ["switches", "overwrites", "fences", "creates"];

/** What infrastructure code and Git still say otherwise: the next deployment would undo it. */
export function otherwise(event: ReportEvent): Otherwise[] {
  return standing(event).flatMap(([step, change]) => {
    const facts = event.stepFacts[step];
    if (!facts || !CONTRADICTS.includes(facts.effect)) return [];
    return [
      {
        step,
        resources: facts.touches.map(({ type, id }) => `${type} ${id}`).join(", ") || change.summary,
        now: valuesText(change.after),
      },
    ];
  });
}

/** `{value: "a", ttl: 60}` → "value a, ttl 60" */
function valuesText(after: Record<string, unknown>): string {
  return Object.entries(after)
    .map(([name, value]) => `${name} ${typeof value === "object" ? JSON.stringify(value) : String(value)}`)
    .join(", ");
}

/** Who asked for the run, and who allowed it. */
export function people({ run, approval }: ReportEvent): { requester: string; approver: string } {
  const { trigger } = run;
  return {
    requester: trigger.type === "manual" ? trigger.by : `the plan's trigger ${trigger.criterion}`,
    approver: approval
      ? `${approval.by} (${approval.outcome}, ${approval.via}, ${approval.at})`
      : "nobody was asked: the plan lets this run act by itself",
  };
}
