import type { ReportEvent } from "../runtime/protocol.ts";

/** One objective with what was measured against it, both in seconds. */
export interface ObjectiveRow {
  name: string;
  seconds: number | undefined;
  objective: number | undefined;
  met: boolean | undefined;
}

/** `75` → "1 min 15 s"; "-" when there is nothing. */
export function spanText(seconds: number | undefined): string {
  if (seconds === undefined) return "-";
  const minutes = Math.floor(seconds / 60);
  const rest = Math.round(seconds % 60);
  return minutes === 0 ? `${rest} s` : `${minutes} min${rest > 0 ? ` ${rest} s` : ""}`;
}

/** The plan's objectives against the run's own timeline. The alarm is the beginning where one started the run. */
export function objectiveRows({
  run,
  objectives,
  timeline,
}: Pick<ReportEvent, "run" | "objectives" | "timeline">): ObjectiveRow[] {
  const begun = Date.parse(run.trigger.type === "alarm" ? run.trigger.since : run.startedAt);
  const at = (test: (state: string) => boolean) => {
    const found = timeline.find(({ state }) => test(state));
    return found ? (Date.parse(found.at) - begun) / 1000 : undefined;
  };
  const released = run.deployment ? Date.parse(run.deployment.startedAt) : undefined;
  const spans: Record<string, number | undefined> = {
    detect: released === undefined || run.trigger.type !== "alarm" ? undefined : (begun - released) / 1000,
    decide: at((state) => /^Decide/.test(state)),
    restore: at((state) => /restore/i.test(state)),
    cutover: at((state) => /switch|cut/i.test(state)),
    verified: at((state) => /^(Watch|Begin watch)/.test(state)),
  };
  return Object.entries(spans).map(([name, seconds]) => {
    const objective = objectives[name as keyof typeof objectives];
    return {
      name,
      seconds,
      objective,
      met: seconds === undefined || objective === undefined ? undefined : seconds <= objective,
    };
  });
}
