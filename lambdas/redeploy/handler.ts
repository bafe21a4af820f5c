import { WatchdogError } from "../runtime/errors.ts";
import { handBack } from "../runtime/hand-back.ts";
import { recordReport } from "../runtime/history.ts";
import { endLock } from "../runtime/lock.ts";
import type { RampAdmission, RampAnswer, RedeployEvent } from "../runtime/protocol.ts";
import { readRamp, writeRamp } from "../runtime/ramp.ts";
import { endRamp } from "../runtime/ramp-end.ts";
import { interrupted } from "../runtime/ramp-interrupted.ts";
import { serve } from "../runtime/serve.ts";
import { ask } from "./ask.ts";
import { begin } from "./begin.ts";
import { enter } from "./enter.ts";

/** Keeps a ramp's row, its lock and its place in the history; one verb for each of its states. */
export const handler = serve(
  "redeploy",
  async (event: RedeployEvent, context): Promise<RampAdmission | RampAnswer> => {
    const { tableName, now } = context;
    switch (event.verb) {
      case "begin":
        return begin(event, context);
      case "enter":
        return enter(event, context);
      case "ask":
        return ask(event, context);
      case "leave": {
        const { run } = event;
        const freed = await endLock(tableName, run, "free", now());
        // What must not wait for the ramp came while it held the lock.
        const back = await handBack(tableName, run, now(), { afterRamp: true });
        return {
          note: `${freed ? `the lock on ${run.service} is free` : "another run holds the lock"}${back > 0 ? `; ${back} alarm(s) are looked at again` : ""}`,
        };
      }
      case "hold": {
        const { run, step, token } = event;
        if (await writeRamp(tableName, run.service, run.id, { token, step }, { undisturbed: true }))
          return { note: `${step} is held` };
        throw (
          interrupted(run.id, await readRamp(tableName, run.service)) ??
          new WatchdogError(
            "ServiceUnavailable",
            `The row of ramp ${run.id} changed while its hold at ${step} was written. Nothing is held. This is tried again.`,
          )
        );
      }
      case "end": {
        const { run, outcome, ending } = event;
        const ended = await endRamp(tableName, run.service, { run: run.id, outcome, ending }, now());
        return { ended, note: ended ? ending : "a criterion fired in the last moment" };
      }
      case "report": {
        await recordReport(tableName, event.run, event.report);
        return { note: `report ${event.report.key}` };
      }
      case "stopped":
        return stopped(event.name, event.status, tableName, now());
      default:
        throw new WatchdogError(
          "BadInput",
          `There is no verb "${String((event as { verb: unknown }).verb)}". Nothing was done.`,
        );
    }
  },
);

/** An execution that ended without saying so: nothing of it may stay on, or keep the lock. */
async function stopped(run: string, status: string, table: string, now: number): Promise<RampAnswer> {
  const service = process.env["SERVICE"]!;
  const ramp = await readRamp(table, service);
  if (ramp?.run !== run) return { note: `ramp ${run} is not the newest`, ended: false };
  const ending = `stopped at ${ramp.step === "" ? "the start" : ramp.step}`;
  // Also of one that is over: its end may have been cut short, and an end that was recorded stays.
  await endRamp(table, service, { run, outcome: "failed", ending }, now);
  return ramp.state === "on"
    ? { note: `${status}: ${ending}`, ended: true }
    : { note: `ramp ${run} had ended`, ended: false };
}
