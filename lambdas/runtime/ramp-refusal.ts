import { deployments } from "./deployments.ts";
import { runsSince } from "./history.ts";
import { attemptsUsedUp, INCIDENT } from "./incident.ts";
import { frozenUntil, mayTake, readLock } from "./lock.ts";
import type { AdmitEvent, RampAdmission } from "./protocol.ts";
import { isOn, type Ramp, readRamp } from "./ramp.ts";

/** How far back deployments are read for what was rolled back from. */
const LOOK_BACK = 90 * 86_400_000;

/** What a ramp would begin with. */
interface Wanted {
  /** Id of the ramp itself; none for one that is only asked about. */
  run?: string;
  /** None for a ramp of any version. */
  version?: string;
  /** A person says that the version is fixed. */
  fixed: boolean;
  observe: boolean;
  budget: AdmitEvent["budget"];
}

type Refusal = Pick<RampAdmission, "reason"> & { outcome: "refused" | "frozen" };

/** Why a ramp may not begin now: freeze, lock, budget, another ramp, a version that is known to be bad. Reads only. */
export async function whyNot(
  table: string,
  service: string,
  { run = "", version, fixed, observe, budget }: Wanted,
  now: number,
): Promise<Refusal | undefined> {
  const refused = (reason: string): Refusal => ({ outcome: "refused", reason });
  if (observe) return refused("the plan only observes, so nothing is changed");
  const freeze = await frozenUntil(table, service, now);
  if (freeze)
    return {
      outcome: "frozen",
      reason: `${freeze.by} froze the automation of ${service} until ${freeze.until}`,
    };
  const lock = await readLock(table, service);
  if (lock?.state === "kept")
    return refused(
      `run ${lock.runId} failed and kept the lock on ${service} (since ${lock.since}); a person must release it first`,
    );
  const other = otherRamp(await readRamp(table, service), run, now);
  if (other) return refused(other);
  if (!mayTake(lock, run, "running", now))
    return refused(`run ${lock?.runId} is under way (${lock?.state} since ${lock?.since}); wait for its end`);
  const usedUp = await forbidden(table, service, budget, now);
  if (usedUp) return refused(usedUp);
  const bad = version === undefined ? undefined : await rolledBackFrom(table, service, version, now);
  return bad && !fixed
    ? refused(
        `run ${bad} rolled back from version ${version}; give the fixed version a name of its own, or say that this one is fixed: --fixed`,
      )
    : undefined;
}

/** That another ramp is on, in words. Pure. */
export const otherRamp = (ramp: Ramp | undefined, run: string, now: number): string | undefined =>
  isOn(ramp, now) && ramp.run !== run
    ? `ramp ${ramp.run} of version ${ramp.version} is on since ${ramp.startedAt}`
    : undefined;

/** Why runs of late forbid a ramp to change anything; undefined when they do not. Rollbacks count, ramps do not. */
export const forbidden = async (
  table: string,
  service: string,
  budget: AdmitEvent["budget"],
  now: number,
): Promise<string | undefined> =>
  attemptsUsedUp(await runsSince(table, service, now - INCIDENT), budget, now);

/** The run that rolled back from a version; undefined when none did. */
async function rolledBackFrom(
  table: string,
  service: string,
  version: string,
  now: number,
): Promise<string | undefined> {
  return (await knownBad(table, service, now)).get(version);
}

/** Versions that were rolled back from, or taken back by a ramp, and by which run. */
export async function knownBad(table: string, service: string, now: number): Promise<Map<string, string>> {
  const known = await deployments(table, service, now - LOOK_BACK, now);
  return new Map(
    known.flatMap(({ version, rolledBackBy, takenBackBy }): [string, string][] => {
      const by = rolledBackBy ?? takenBackBy;
      return by ? [[version, by]] : [];
    }),
  );
}
