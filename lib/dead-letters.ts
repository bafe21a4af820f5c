import { Duration } from "aws-cdk-lib";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { explain } from "./nag.ts";

/** Where events go that nobody could take; `self-alarms.ts` tells people about them. */
export function addDeadLetters(scope: Construct): Queue {
  const queue = new Queue(scope, "DeadLetters", {
    retentionPeriod: Duration.days(14),
    enforceSSL: true,
    encryption: QueueEncryption.SQS_MANAGED,
  });
  explain(queue, [
    { id: "AwsSolutions-SQS3", reason: "This is the dead-letter queue itself; an alarm watches it." },
  ]);
  return queue;
}
