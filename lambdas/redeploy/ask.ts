import type { Context } from "../runtime/context.ts";
import { frozenUntil } from "../runtime/lock.ts";
import type { RampAdmission, RampAskEvent } from "../runtime/protocol.ts";
import { readRamp, writeRamp } from "../runtime/ramp.ts";
import { interruption } from "../runtime/ramp-interrupted.ts";
import { OUTCOME_OF } from "./outcome.ts";

/**
 * Lets a ramp ask its approvers, and keeps under which question: whatever ends or turns the ramp then ends the wait for
 * the answer too. No lock is taken.
 */
export async function ask(event: RampAskEvent, { tableName, now }: Context): Promise<RampAdmission> {
  const { run, question } = event;
  const { service } = run;
  const not = (outcome: RampAdmission["outcome"], reason: string): RampAdmission => ({
    outcome,
    reason,
    run,
  });
  const freeze = await frozenUntil(tableName, service, now());
  if (freeze) return not("frozen", `${freeze.by} froze the automation of ${service} until ${freeze.until}`);
  if (await writeRamp(tableName, service, run.id, { asks: question }, { undisturbed: true }))
    return { outcome: "admitted", reason: `asked as ${question}`, run };
  const came = interruption(run.id, await readRamp(tableName, service));
  return came
    ? not(OUTCOME_OF[came.error], came.why)
    : not("overtaken", `the row of ramp ${run.id} could not be written`);
}
