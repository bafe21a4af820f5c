import { SendTaskFailureCommand, SFNClient } from "@aws-sdk/client-sfn";
import { clientSettings, once } from "./clients.ts";
import { RAMP_ERRORS } from "./protocol.ts";
import { isOn, type Ramp, readRamp, writeRamp } from "./ramp.ts";

const states = once(() => new SFNClient(clientSettings));

/** A hold that has ended meanwhile finds in the ramp's row why it would have been woken. */
const TOO_LATE = ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"];

/** Ends the hold that waits, if one does. */
export async function wake(
  { token }: Pick<Ramp, "token">,
  error: (typeof RAMP_ERRORS)[keyof typeof RAMP_ERRORS],
  cause: string,
): Promise<void> {
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
    // The token may have been written since the row was read.
    await wake((await readRamp(table, service)) ?? ramp, RAMP_ERRORS.overtaken, cause);
  return ramp;
}
