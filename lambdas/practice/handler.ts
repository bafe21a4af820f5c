import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import type { Message } from "../messages/layout.ts";
import { clientSettings, once } from "../runtime/clients.ts";
import { lossTime, restoreTime, verdictOf } from "../runtime/practice.ts";
import type {
  PracticeBegin,
  PracticeBeginEvent,
  PracticeEndAnswer,
  PracticeEndEvent,
} from "../runtime/protocol.ts";
import { serve } from "../runtime/serve.ts";
import { begin } from "./begin.ts";
import { endMessage, skippedMessage } from "./message.ts";
import { remember } from "./remember.ts";

const sns = once(() => new SNSClient(clientSettings));

/** Both ends of a practice: whether it may begin, and what came of it, kept in the history and told to people. */
export const handler = serve(
  "practice",
  async (
    event: PracticeBeginEvent | PracticeEndEvent,
    { tableName, now },
  ): Promise<PracticeBegin | PracticeEndAnswer> => {
    const at = new Date(now()).toISOString();
    if (event.verb === "begin") {
      const begun = await begin(event, tableName, now());
      const { run, skipped, cleanOnly } = begun;
      if (cleanOnly) return begun;
      const nothing = { at, restoreSeconds: null, lossSeconds: null, report: null };
      if (skipped) await tell(skippedMessage(run, skipped));
      await remember(
        tableName,
        run,
        skipped ? { ...nothing, outcome: "practice not started", line: skipped } : undefined,
      );
      return begun;
    }
    const answer: PracticeEndAnswer = {
      ...verdictOf(event, event.cleanOnly),
      restoreSeconds: restoreTime(event).seconds,
      lossSeconds: lossTime(event).seconds,
      left: event.left,
      report: event.report,
    };
    // Told before it is remembered: a notice that fails is tried again.
    if (!event.cleanOnly || !answer.good) await tell(endMessage(event, answer));
    if (!event.cleanOnly) await remember(tableName, event.run, { ...answer, at });
    return answer;
  },
);

async function tell({ subject: Subject, text }: Message): Promise<void> {
  await sns().send(new PublishCommand({ TopicArn: process.env["TOPIC_ARN"], Subject, Message: text }));
}
