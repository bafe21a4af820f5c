import type { PracticeEndAnswer, PracticeFacts } from "./protocol.ts";

/** Errors that say that a practice made room for something that matters more. */
const GAVE_WAY = new Set(["GaveWay"]);

/** `432` → `7:12` */
export const clockText = (seconds: number): string => {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  const two = (value: number) => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
};

/** One objective and what was measured, seconds. */
export interface Measured {
  seconds: number | null;
  objective: number | undefined;
  /** Undefined where there is nothing to compare. */
  met: boolean | undefined;
}

const compared = (seconds: number | null, objective: number | undefined): Measured => ({
  seconds,
  objective,
  met: seconds === null || objective === undefined ? undefined : seconds <= objective,
});

/** From the beginning until everything was restored and had passed its checks (RTO). */
export function restoreTime({ run, restoredAt, objectives }: PracticeFacts): Measured {
  const seconds =
    restoredAt === null ? null : Math.max(0, (Date.parse(restoredAt) - Date.parse(run.startedAt)) / 1000);
  return compared(seconds, objectives.restore);
}

/** How far the newest restorable moment lay back when it was looked up (RPO); the oldest, where there are several. */
export function lossTime({ changes, objectives }: PracticeFacts): Measured {
  const lags = Object.values(changes).flatMap(({ recoverable }) =>
    recoverable ? [(Date.parse(recoverable.seenAt) - Date.parse(recoverable.until)) / 1000] : [],
  );
  return compared(lags.length === 0 ? null : Math.max(0, ...lags), objectives.loss);
}

/** Of what was measured against the objective, in few words: `7:12 of 15:00`. */
export const againstText = ({ seconds, objective }: Measured): string =>
  `${seconds === null ? "not measured" : clockText(seconds)}${objective === undefined ? "" : ` of ${clockText(objective)}`}`;

/** The verdict over a practice. Pure. */
export function verdictOf(
  facts: PracticeFacts,
  cleanOnly = false,
): Pick<PracticeEndAnswer, "outcome" | "good" | "line"> {
  const { failure, restoredAt, left, cleanFailure } = facts;
  const clean = left.length === 0 && cleanFailure === null;
  const found = (outcome: PracticeEndAnswer["outcome"], good: boolean, line: string) => ({
    outcome,
    good: good && clean,
    line: clean ? line : `${line}; NOT all of it was cleaned up`,
  });
  if (cleanOnly)
    return {
      outcome: "practice cleaned up",
      good: clean,
      line: clean
        ? "what the practice had made is deleted"
        : "what the practice had made could NOT all be deleted",
    };
  if (failure && GAVE_WAY.has(failure.error))
    return found("practice gave way", true, "the practice gave way, nothing was measured");
  if (failure || restoredAt === null)
    return found("restore does not work", false, "the restore does NOT work");
  const [restore, loss] = [restoreTime(facts), lossTime(facts)];
  const missed = [
    ...(restore.met === false ? [`restored in ${againstText(restore)}`] : []),
    ...(loss.met === false ? [`data loss ${againstText(loss)}`] : []),
  ];
  return missed.length > 0
    ? found("restore misses its objectives", false, `the restore would have missed: ${missed.join(", ")}`)
    : found("restore works", true, `the restore works: ${againstText(restore)}`);
}
