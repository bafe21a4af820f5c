import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { clientSettings, once } from "../runtime/clients.ts";

const states = once(() => new SFNClient(clientSettings));

/** Hands the reminders of a run to the machine that waits for them; a second call for the same run changes nothing. */
export async function remind(stateMachineArn: string, run: string, items: object[]): Promise<void> {
  if (items.length === 0) return;
  try {
    await states().send(
      new StartExecutionCommand({ stateMachineArn, name: run, input: JSON.stringify({ run, items }) }),
    );
  } catch (error) {
    // The report was written again: the reminders of the first time stand.
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  }
}
