import { refusal, WatchdogError } from "../errors.ts";
import type { RunContext } from "../protocol.ts";

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600 };
const milliseconds = (duration: string) => Number.parseInt(duration, 10) * UNITS[duration.at(-1)!]! * 1000;

/** A moment that can be read; `less` milliseconds before it. Anything else is refused. */
function moment(text: string, what: string, less = 0): Date {
  const at = new Date(Date.parse(text) - less);
  if (Number.isNaN(at.getTime()))
    throw refusal(
      `${what} is "${text}", which is no time. Nothing was changed. Write it as 2026-01-08T10:31:00Z.`,
    );
  return at;
}

/** A moment resolved, with what it was derived from. */
export interface RestoreTime {
  at: Date;
  evidence: string[];
}

/**
 * The moment to restore to. Pure. It is derived from the deployment event or the alarm and never silently the
 * latest one, which could restore the damage. Refuses what has no deployment or alarm behind it.
 */
export function resolveRestoreTime(
  to: string,
  margin: string,
  run: RunContext,
  latest: Date | undefined,
): RestoreTime {
  const less = milliseconds(margin);
  if (to === "before-deployment") {
    const { deployment } = run;
    if (!deployment)
      throw refusal(
        "The plan restores to the moment before the deployment, and no deployment is recorded. Nothing was changed. Start a run by hand with a plan that names the time.",
      );
    return {
      at: moment(deployment.startedAt, `The beginning of deployment ${deployment.version}`, less),
      evidence: [
        `deployment ${deployment.version} began at ${deployment.startedAt}; restored to ${margin} before it`,
      ],
    };
  }
  if (to === "before-alarm") {
    if (run.trigger.type !== "alarm")
      throw refusal(
        "The plan restores to the moment before the alarm, and no alarm started this run. Nothing was changed. Name the time instead.",
      );
    return {
      at: moment(run.trigger.since, `The beginning of alarm ${run.trigger.alarmName}`, less),
      evidence: [
        `alarm ${run.trigger.alarmName} rang at ${run.trigger.since}; restored to ${margin} before it`,
      ],
    };
  }
  if (to === "latest") {
    if (!latest) throw refusal("RDS names no latest restorable time yet. Nothing was changed.");
    return { at: latest, evidence: ["the plan asks for the latest restorable time"] };
  }
  return { at: moment(to, "The time to restore to"), evidence: ["the plan names the time"] };
}

/**
 * Refuses a time that RDS will never restore. A time after `latest` is not refused when it has passed already:
 * `latest` trails by up to five minutes, and apply waits for it.
 */
export function checkWindow(
  instance: string,
  at: Date,
  earliest: Date | undefined,
  latest: Date | undefined,
  now: number,
): void {
  const text = `${instance} cannot be restored to ${at.toISOString()}`;
  const outOfRange = (why: string, then: string) =>
    new WatchdogError("RestoreTimeOutOfRange", `${text}: ${why}. Nothing was changed. ${then}`);
  if (!earliest || !latest)
    throw outOfRange("RDS holds no restorable time for it yet", "Wait for its first automated backup.");
  const holds = `RDS holds ${earliest.toISOString()} to ${latest.toISOString()}`;
  if (at < earliest)
    throw outOfRange(holds, `Choose a time from ${earliest.toISOString()} on, or restore a snapshot.`);
  if (at.getTime() > now)
    throw outOfRange(`it lies in the future (${holds})`, `Choose a time up to ${latest.toISOString()}.`);
}
