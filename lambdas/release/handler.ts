import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { clientSettings, once } from "../runtime/clients.ts";
import { markRolledBack } from "../runtime/deployments.ts";
import { WatchdogError } from "../runtime/errors.ts";
import { handedBack, waiting } from "../runtime/joined.ts";
import { endLock, recordEnd } from "../runtime/lock.ts";
import { JOINED } from "../runtime/names.ts";
import type { ReleaseAnswer, ReleaseEvent } from "../runtime/protocol.ts";
import { serve } from "../runtime/serve.ts";

const events = once(() => new EventBridgeClient(clientSettings));

/** Ends a run: the lock is given back, or, after a failure, kept until a person releases it. */
export const handler = serve(
  "release",
  async ({ run, outcome, ending, report }: ReleaseEvent, { tableName, now }): Promise<ReleaseAnswer> => {
    const kept = outcome === "failed";
    const acted = outcome === "succeeded" || outcome === "failed";
    const ended = await endLock(tableName, run, kept ? "kept" : "free", now());
    await recordEnd(tableName, run, outcome, now(), { ending, report });
    if (outcome === "succeeded" && run.deployment && run.undoes === undefined)
      await markRolledBack(tableName, run.service, run.deployment, run.id);
    const back = acted ? 0 : await handBack(tableName, run, now());
    if (!ended) return { released: false, note: `another run holds the lock on ${run.service} by now` };
    const again =
      back > 0 ? `; ${back} alarm(s) or event(s) that had joined this run are looked at again` : "";
    return {
      released: !kept,
      note: kept
        ? `the lock on ${run.service} is kept until a person releases it`
        : `the lock on ${run.service} is free${again}`,
    };
  },
);

/**
 * What joined a run that then changed nothing has not been answered: it is put on the bus again, and begins a run of its
 * own. Otherwise an alarm that must roll back would be lost in the seconds in which a mere notice is written.
 */
async function handBack(table: string, { id, service }: ReleaseEvent["run"], now: number): Promise<number> {
  const joined = await waiting(table, service, id);
  for (const { row, event, text } of joined) {
    const { FailedEntryCount, Entries } = await events().send(
      new PutEventsCommand({
        Entries: [
          {
            Source: JOINED.source,
            DetailType: JOINED.detailType,
            Detail: JSON.stringify({ service, run: id, event }),
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
