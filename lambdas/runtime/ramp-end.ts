import { markRolledBack, recordDeployment } from "./deployments.ts";
import { handBack } from "./hand-back.ts";
import { recordEnd } from "./history.ts";
import { freeLock } from "./lock.ts";
import type { RampOutcome } from "./protocol.ts";
import { readRamp, writeRamp } from "./ramp.ts";

/**
 * Ends a ramp, however it came to it, and again when it is called again: the row says so, the history too, the lock is
 * nobody's, and what rang meanwhile is looked at again. A version that was taken back is known to be bad (invariant 10);
 * one that went all the way has seen its watch through.
 *
 * @returns false when something fired in the moment in which the ramp would have been over; nothing is ended then.
 */
export async function endRamp(
  table: string,
  service: string,
  end: { run: string; outcome: RampOutcome; ending: string },
  now: number,
): Promise<boolean> {
  const { run, outcome, ending } = end;
  const ramp = await readRamp(table, service);
  const mine = ramp?.run === run ? ramp : undefined;
  const on = mine?.state === "on";
  const over = { state: "over", endedAt: new Date(now).toISOString() };
  if (on && outcome === "redeployed" && !(await writeRamp(table, service, run, over, { undisturbed: true })))
    return false;
  if (mine?.deployedAt && outcome === "redeployed")
    await recordDeployment(table, {
      service,
      version: mine.version,
      startedAt: mine.deployedAt,
      stable: true,
    });
  // After a later step, what was out before it still is, and explains what rings on. After the first one nothing is out
  // any more, and then somebody has to look elsewhere.
  if (mine?.deployedAt && outcome === "back")
    await markRolledBack(
      table,
      service,
      { version: mine.version, startedAt: mine.deployedAt },
      run,
      mine.deployedAt === mine.firstDeployedAt ? "rolledBackBy" : "takenBackBy",
    );
  await recordEnd(table, { id: run, service }, outcome, now, { ending });
  await freeLock(table, service, run, now);
  // Not before: whoever finds the ramp on after a crash ends it once more.
  if (on) await writeRamp(table, service, run, over);
  await handBack(table, { id: run, service }, now, { afterRamp: true });
  return true;
}
