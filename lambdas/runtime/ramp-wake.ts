import { SendTaskFailureCommand, SFNClient } from "@aws-sdk/client-sfn";
import { clientSettings, once } from "./clients.ts";
import { approvalPartition, RAMP_ERRORS, requestKey } from "./protocol.ts";
import { isOn, type Ramp, readRamp, writeRamp } from "./ramp.ts";
import { readRow } from "./rows.ts";

const states = once(() => new SFNClient(clientSettings));

/** A hold that has ended meanwhile finds in the ramp's row why it would have been woken. */
const TOO_LATE = ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"];

type RampError = (typeof RAMP_ERRORS)[keyof typeof RAMP_ERRORS];

/**
 * Ends what waits, if anything does: a hold, or the question that approvers were asked. The row is read here, since a token
 * may have been written just now; whoever begins to wait after this finds in it why he must not.
 */
export async function wakeRamp(
  table: string,
  service: string,
  error: RampError,
  cause: string,
): Promise<void> {
  const ramp = await readRamp(table, service);
  const asked = ramp?.asks && (await readRow(table, approvalPartition(service), requestKey(ramp.asks)));
  for (const token of [ramp?.token, asked ? asked["token"]?.S : undefined]) await wake(token, error, cause);
}

async function wake(token: string | undefined, error: RampError, cause: string): Promise<void> {
  if (token === undefined) return;
  try {
    await states().send(new SendTaskFailureCommand({ taskToken: token, error, cause: cause.slice(0, 1000) }));
  } catch (problem) {
    if (!TOO_LATE.includes((problem as Error).name)) throw problem;
  }
}

/** A run begins, or is asked for, while a ramp is on: the ramp is over, and told so. Gives the ramp it was. */
export async function overtake(
  table: string,
  service: string,
  run: string,
  now: number,
): Promise<Ramp | undefined> {
  const ramp = await readRamp(table, service);
  if (!isOn(ramp, now)) return undefined;
  const cause = `run ${run} began`;
  if (await writeRamp(table, service, ramp.run, { overtakenBy: run }, { once: ["overtakenBy"] }))
    await wakeRamp(table, service, RAMP_ERRORS.overtaken, cause);
  return ramp;
}

/**
 * Another version was deployed while a ramp is on: it is over, and told so. Whatever rings from now on is an ordinary
 * alarm. The ramp's own version, as another pipeline brings it to staging, is no other.
 *
 * @returns the ramp that it ended
 */
export async function replace(
  table: string,
  service: string,
  deployed: { version: string; startedAt: string },
  now: number,
): Promise<Ramp | undefined> {
  const ramp = await readRamp(table, service);
  if (!isOn(ramp, now) || ramp.version === deployed.version || deployed.startedAt < ramp.startedAt)
    return undefined;
  if (
    !(await writeRamp(table, service, ramp.run, { replacedBy: deployed.version }, { once: ["replacedBy"] }))
  )
    return undefined;
  const cause = `version ${deployed.version} was deployed while ${ramp.version} went out again`;
  await wakeRamp(table, service, RAMP_ERRORS.replaced, cause);
  return ramp;
}
