import type { Target } from "@aws-sdk/client-eventbridge";
import type { World } from "../../world.ts";
import type { BusEntry } from "./bus-entry.ts";
import type { Rule } from "./state.ts";

/** Why an event was not delivered. */
export interface Failure {
  code: "NO_PERMISSIONS" | "NO_RESOURCE" | "INVALID_PARAMETER" | "THROTTLING" | "SDK_CLIENT_ERROR";
  message: string;
  retries: number;
  /** What ran out, when trying again could still have helped. */
  exhausted?: "MaximumRetryAttempts" | "MaximumEventAgeInSeconds";
}

/** Keeps an event in the target's dead-letter queue, with what AWS says about it. */
export async function deadLetter(
  world: World,
  rule: Rule,
  target: Target,
  entry: BusEntry,
  { code, message, retries, exhausted }: Failure,
): Promise<void> {
  const [, , , , account, queue] = target.DeadLetterConfig!.Arn!.split(":");
  const text = (StringValue: string) => ({ DataType: "String", StringValue });
  await world.call({
    service: "sqs",
    operation: "SendMessage",
    principal: { type: "service", service: "events.amazonaws.com", sourceArn: rule.arn },
    input: {
      QueueUrl: `${world.endpoint}/${account}/${queue}`,
      MessageBody: JSON.stringify(entry),
      MessageAttributes: {
        RULE_ARN: text(rule.arn),
        TARGET_ARN: text(target.Arn ?? ""),
        ERROR_CODE: text(code),
        ERROR_MESSAGE: text(message),
        ...(exhausted ? { EXHAUSTED_RETRY_CONDITION: text(exhausted) } : {}),
        RETRY_ATTEMPTS: text(String(retries)),
      },
    },
  });
}
