import type { ReportEvent } from "../runtime/protocol.ts";

/** Moments that part what was before from what was during and after it, epoch milliseconds. */
export interface Phases {
  /** When the trouble began: the release, else the alarm, else the run. */
  from: number;
  /** When the service was verified; undefined where it never was. */
  recovered: number | undefined;
  /** End of what this report can show. */
  to: number;
  marks: { letter: string; label: string; at: number }[];
}

/** A release longer ago than this many times what followed is no beginning anybody could see in a picture. */
const LONGEST_BEFORE = 3;

/** When it began, when it was over, and what happened in between. Pure. */
export function phasesOf(event: ReportEvent, now: number): Phases {
  const { run, timeline, measurements, ending } = event;
  const started = Date.parse(run.startedAt);
  const alarm = run.trigger.type === "alarm" ? Date.parse(run.trigger.since) : undefined;
  const released = run.deployment ? Date.parse(run.deployment.startedAt) : undefined;
  const first = Math.min(alarm ?? started, started);
  const from =
    released !== undefined &&
    released <= first &&
    first - released <= LONGEST_BEFORE * Math.max(1, now - first)
      ? released
      : first;
  const verified = timeline.some(({ state }) => state === "Verify") ? measurements.at(-1)?.at : undefined;
  const recovered = ending === "rolled back" && verified ? Date.parse(verified) : undefined;
  const changing = timeline.find(({ state }) => state === "Announce start")?.at;
  const marks = [
    { letter: "R", label: `release ${run.deployment?.version ?? ""}`, at: released },
    { letter: "A", label: "alarm", at: alarm },
    { letter: "C", label: "first change", at: changing === undefined ? undefined : Date.parse(changing) },
    { letter: "V", label: "verified", at: recovered },
  ];
  return {
    from,
    recovered,
    to: now,
    marks: marks.flatMap(({ letter, label, at }) =>
      at === undefined || at < from ? [] : [{ letter, label, at }],
    ),
  };
}
