import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { wordsOf } from "../messages/render.ts";
import { ENGINEERS_ONLY } from "../runtime/notices.ts";
import type { AnnounceAnswer, AnnounceEvent } from "../runtime/protocol.ts";
import { serve } from "../runtime/serve.ts";
import { dynamodb, tellKeys } from "../runtime/store.ts";
import { tellPeople } from "../runtime/tell/tell.ts";

/**
 * Tells people. What cannot be sent never fails the rollback: it goes another way, the answer and the log say so, and
 * the function's metric `FailedNotifications` raises the stack's own alarm (invariant 17).
 */
export const handler = serve("announce", async (event: AnnounceEvent, context): Promise<AnnounceAnswer> => {
  const tell = event.tell ?? ENGINEERS_ONLY;
  // Side by side: a table that does not answer keeps no notice from people. What failed is tried again by Lambda, and a
  // notice that was sent is folded then.
  const [told, noted] = await Promise.allSettled([
    tellPeople(event, tell, wordsOf(event, tell), context),
    event.moment === "verified" ? rememberRestored(event, context.tableName, context.now()) : undefined,
  ]);
  if (told.status === "rejected") throw told.reason;
  if (noted.status === "rejected") throw noted.reason;
  return told.value;
});

/** For the escalation ladder: this run's service is restored, and nobody has to be called for the time it took. */
async function rememberRestored({ run }: AnnounceEvent, TableName: string, now: number): Promise<void> {
  await dynamodb().send(
    new PutItemCommand({
      TableName,
      Item: {
        pk: { S: tellKeys.partition(run.service) },
        sk: { S: tellKeys.restored(run.id) },
        at: { S: new Date(now).toISOString() },
      },
    }),
  );
}
