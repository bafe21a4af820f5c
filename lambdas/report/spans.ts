import type { ReportEvent, StepFacts } from "../runtime/protocol.ts";

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
  const whole = Math.round(seconds);
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  return minutes === 0 ? `${rest} s` : `${minutes} min${rest > 0 ? ` ${rest} s` : ""}`;
}

/**
 * The plan's objectives against the run's own timeline, whose entries say when each part began. The alarm is the
 * beginning where one started the run; a restore counts as done when the part after it (and after its checks) begins.
 */
export function objectiveRows({
  run,
  objectives,
  timeline,
  measurements,
  stepFacts,
}: Pick<ReportEvent, "run" | "objectives" | "timeline" | "measurements" | "stepFacts">): ObjectiveRow[] {
  const begun = Date.parse(run.trigger.type === "alarm" ? run.trigger.since : run.startedAt);
  const parts = timeline
    .filter(({ state }) => !state.startsWith("Preflight"))
    .map(({ at, state }) => ({ at: Date.parse(at), state }));
  /** When the last stage that does this was over, its checks too. */
  const over = (effect: StepFacts["effect"]) => {
    const stages = Object.values(stepFacts)
      .filter((each) => each.effect === effect)
      .flatMap(({ stage }) => [stage, `Check: ${stage}`]);
    const index = parts.findLastIndex(({ state }) => stages.includes(state));
    return index < 0 ? undefined : parts[index + 1]?.at;
  };
  const span = (from: number | undefined, to: number | undefined) =>
    from === undefined || to === undefined ? undefined : Math.max(0, (to - from) / 1000);
  const decided = timeline.find(({ state }) => state.startsWith("Preflight"))?.at;
  const restored = over("creates");
  const measured = measurements.at(-1)?.at;
  const released = run.deployment ? Date.parse(run.deployment.startedAt) : undefined;
  const spans: Record<string, number | undefined> = {
    detect: run.trigger.type === "alarm" ? span(released, begun) : undefined,
    decide: span(begun, decided === undefined ? undefined : Date.parse(decided)),
    restore: span(begun, restored),
    cutover: span(restored, over("switches")),
    // The part after Verify begins only when the service has settled; what counts is when the last check passed.
    verified:
      parts.some(({ state }) => state === "Verify") && measured
        ? span(begun, Date.parse(measured))
        : undefined,
  };
  return Object.entries(spans).map(([name, seconds]) => {
    const objective = objectives[name as keyof typeof objectives];
    const met = seconds === undefined || objective === undefined ? undefined : seconds <= objective;
    return { name, seconds, objective, met };
  });
}
