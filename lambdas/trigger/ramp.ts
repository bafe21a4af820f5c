import { join } from "../runtime/joined.ts";
import type { RunContext } from "../runtime/protocol.ts";
import { RAMP_ERRORS } from "../runtime/protocol.ts";
import { isOn, readRamp, writeRamp } from "../runtime/ramp.ts";
import { endRamp } from "../runtime/ramp-end.ts";
import { wakeRamp } from "../runtime/ramp-wake.ts";
import { isUnderWay } from "./executions.ts";

/**
 * A criterion that fires while a ramp is on takes the ramp back a step, unless the plan has it begin a rollback at once.
 * The event is kept like one that joined a run, and looked at again when the ramp has gone back and settled.
 *
 * A ramp whose execution has ended without saying so is ended here: it must answer nothing any more.
 *
 * @returns in words what the ramp does about it; undefined when the event is not the ramp's.
 */
export async function offeredToRamp(
  table: string,
  service: string,
  asked: { run: string; what: string; trigger: RunContext["trigger"] },
  event: unknown,
  now: number,
): Promise<string | undefined> {
  const criteria = process.env["RAMP_CRITERIA"];
  // Plans without a ramp read nothing.
  if (criteria === undefined) return undefined;
  const ramp = await readRamp(table, service);
  if (ramp?.state !== "on") return undefined;
  if (!isOn(ramp, now) || !(await isUnderWay(ramp.executionArn))) {
    await endRamp(
      table,
      service,
      {
        run: ramp.run,
        outcome: "failed",
        ending: `stopped at ${ramp.step === "" ? "the start" : ramp.step}`,
      },
      now,
    );
    return undefined;
  }
  const { trigger } = asked;
  if (trigger.type === "manual" || !(JSON.parse(criteria) as string[]).includes(trigger.criterion))
    return undefined;
  // What rings now is rather about what was deployed since.
  if (ramp.replacedBy) return undefined;
  // First the event, so that a ramp which ends in this moment finds it.
  await join(table, service, ramp.run, asked, event);
  const at = new Date(now).toISOString();
  const recorded = await writeRamp(
    table,
    service,
    ramp.run,
    { fired: asked.what, firedAt: at, lastFiredAt: at },
    { once: ["fired", "firedAt"] },
  );
  if (!recorded) return undefined;
  await wakeRamp(table, service, RAMP_ERRORS.fired, asked.what);
  return `the ramp ${ramp.run} of version ${ramp.version} goes back a step from ${ramp.step === "" ? "the start" : ramp.step}; this was added to it: ${asked.what}`;
}
