import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { messages } from "../messages/index.ts";
import { clientSettings, once } from "../runtime/clients.ts";
import type { AnnounceAnswer, AnnounceEvent } from "../runtime/protocol.ts";
import { serve } from "../runtime/serve.ts";

const metrics = new Metrics({ namespace: "RollbackWatchdog" });
const sns = once(() => new SNSClient(clientSettings));

/**
 * Tells people. A mail that cannot be sent never fails the rollback: the answer says so, the log has it, and the
 * function's metric `PublishFailed` raises the stack's own alarm (invariant 17).
 */
export const handler = serve("announce", async (event: AnnounceEvent): Promise<AnnounceAnswer> => {
  const { subject, text } = messages[event.moment](event);
  try {
    await sns().send(
      new PublishCommand({ TopicArn: process.env["TOPIC_ARN"], Subject: subject, Message: text }),
    );
    return { sent: true, note: subject };
  } catch (error) {
    metrics.addDimension("Service", event.run.service);
    metrics.addMetric("PublishFailed", MetricUnit.Count, 1);
    metrics.publishStoredMetrics();
    console.error(
      JSON.stringify({ moment: event.moment, run: event.run.id, error: (error as Error).message }),
    );
    return { sent: false, note: `not sent: ${(error as Error).message}` };
  }
});
