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
  if (event.moment === "verified") await rememberRestored(event, context.tableName, context.now());
  const tell = event.tell ?? ENGINEERS_ONLY;
  return tellPeople(event, tell, wordsOf(event, tell), context);
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
