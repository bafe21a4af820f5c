/** An alarm that must lead to a run, as it is now. */
export interface ActingAlarm {
  name: string;
  state: string;
  /** Epoch milliseconds: since when it is in this state. */
  since: number;
}

/** Milliseconds between an alarm's own transition and the start of its run on two clocks. */
const SKEW = 60_000;

/**
 * The alarms that have been in ALARM for longer than the plan allows without any run since: the watchdog itself is
 * asleep, or was told to be. A run that began at the transition or later answers it, whatever it decided. Pure.
 */
export function unanswered(
  alarms: ActingAlarm[],
  runs: { startedAt: string }[],
  now: number,
  allowedMilliseconds: number,
): ActingAlarm[] {
  return alarms.filter(
    ({ state, since }) =>
      state === "ALARM" &&
      now - since > allowedMilliseconds &&
      !runs.some(({ startedAt }) => Date.parse(startedAt) >= since - SKEW),
  );
}
