import type { Context } from "../runtime/context.ts";
import { recordDeployment } from "../runtime/deployments.ts";
import { WatchdogError } from "../runtime/errors.ts";
import { frozenUntil, takeLock } from "../runtime/lock.ts";
import type { RampAdmission, RampEnterEvent } from "../runtime/protocol.ts";
import { readRamp, writeRamp } from "../runtime/ramp.ts";
import { interruption } from "../runtime/ramp-interrupted.ts";
import { forbidden } from "../runtime/ramp-refusal.ts";
import { OUTCOME_OF } from "./outcome.ts";

/**
 * Lets a ramp change something, up or back: it holds the lock from here on until `leave`. A step up is also a
 * deployment, since what it brings is the likely cause of the next alarm.
 *
 * @throws WatchdogError ServiceUnavailable while another holds the lock for a moment, as a dry run does.
 */
export async function enter(event: RampEnterEvent, { tableName, now }: Context): Promise<RampAdmission> {
  const { run, step, direction, at } = event;
  const { service } = run;
  const not = (outcome: RampAdmission["outcome"], reason: string): RampAdmission => ({
    outcome,
    reason,
    run,
  });
  const ramp = await readRamp(tableName, service);
  const came = interruption(run.id, ramp);
  // What takes a ramp back is no reason not to take it back.
  if (!ramp || (came && (direction === "up" || OUTCOME_OF[came.error] !== "fired")))
    return not(OUTCOME_OF[came!.error], came!.why);
  const freeze = await frozenUntil(tableName, service, now());
  if (freeze) return not("frozen", `${freeze.by} froze the automation of ${service} until ${freeze.until}`);
  const budget = direction === "up" ? await forbidden(tableName, service, event.budget, now()) : undefined;
  if (budget) return not("overtaken", budget);
  const { taken, lock } = await takeLock(tableName, service, run.id, "running", now());
  if (!taken && lock.state === "kept")
    return not(
      "overtaken",
      `run ${lock.runId} failed and keeps the lock on ${service} since ${lock.since}; a person must release it first`,
    );
  if (!taken)
    throw new WatchdogError(
      "ServiceUnavailable",
      `Run ${lock.runId} holds the lock on ${service} (${lock.state} since ${lock.since}), so ramp ${run.id} did not change anything. This is tried again.`,
    );
  if (direction === "up") {
    await recordDeployment(tableName, { service, version: ramp.version, startedAt: at });
    await writeRamp(
      tableName,
      service,
      run.id,
      { step, deployedAt: at, firstDeployedAt: at },
      { once: ["firstDeployedAt"] },
    );
  }
  return {
    outcome: "admitted",
    reason: `lock generation ${lock.generation}`,
    run: { ...run, generation: lock.generation },
  };
}
