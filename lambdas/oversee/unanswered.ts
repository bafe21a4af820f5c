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

/**
 * What a ramp answered by going back a step, as `unanswered` counts answers. Once it is over, what rings on is the next
 * run's to answer, for which there is as much time again. Pure.
 */
export function answersOf(
  ramp: { state: string; lastFiredAt: string | undefined; endedAt: string | undefined } | undefined,
  now: number,
  allowedMilliseconds: number,
): { startedAt: string }[] {
  if (!ramp?.lastFiredAt) return [];
  // Written so that an unreadable instant, whose age is NaN, answers nothing.
  const over = ramp.state !== "on" && !(now - Date.parse(ramp.endedAt ?? "") <= allowedMilliseconds);
  return over ? [] : [{ startedAt: ramp.lastFiredAt }];
}
