import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { clientSettings, once } from "./clients.ts";
import { WatchdogError } from "./errors.ts";
import { handedBack, handingBack, waiting } from "./joined.ts";
import { JOINED } from "./names.ts";

const events = once(() => new EventBridgeClient(clientSettings));

/**
 * What joined a run that then changed nothing has not been answered: it is put on the bus again, and begins a run of its
 * own. Otherwise an alarm that must roll back would be lost in the seconds in which a mere notice is written.
 *
 * @returns how many there were
 * @throws WatchdogError ServiceUnavailable when EventBridge does not take one; those before it are marked.
 */
export async function handBack(
  table: string,
  { id, service }: { id: string; service: string },
  now: number,
  /** An alarm that a ramp answered first may be older than the plan lets events be: it is read again, which is enough. */
  { afterRamp = false } = {},
): Promise<number> {
  const joined = await waiting(table, service, id);
  for (const { row, text } of joined) {
    await handingBack(table, service, row, { now, afterRamp });
    const { FailedEntryCount, Entries } = await events().send(
      new PutEventsCommand({
        Entries: [
          {
            Source: JOINED.source,
            DetailType: JOINED.detailType,
            // Where it is kept, and not what it says: the bus takes events from whoever may put some.
            Detail: JSON.stringify({ service, run: id, row }),
          },
        ],
      }),
    );
    if (FailedEntryCount)
      throw new WatchdogError(
        "ServiceUnavailable",
        `EventBridge did not take back "${text}", which had joined run ${id}: ${Entries?.[0]?.ErrorMessage}. The lock is free; this is tried again.`,
      );
    await handedBack(table, service, row, now);
  }
  return joined.length;
}
