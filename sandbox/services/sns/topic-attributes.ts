import type { PolicyDocument } from "../../front/iam/policy.ts";
import { invalid, jsonMistake } from "./errors.ts";

/** Attributes that a topic may be given, when it is made and later. */
const SETTABLE = new Set([
  "ArchivePolicy",
  "ContentBasedDeduplication",
  "DeliveryPolicy",
  "DisplayName",
  "FifoThroughputScope",
  "KmsMasterKeyId",
  "Policy",
  "SignatureVersion",
  "TracingConfig",
]);
const FEEDBACK = /^(HTTP|Firehose|Lambda|Application|SQS)(Success|Failure)Feedback(RoleArn|SampleRate)$/;

/** Refuses an attribute that no topic has, or a value that it cannot have. */
export function checkTopicAttribute(name: string, value: string, atCreation: boolean): void {
  if (!SETTABLE.has(name) && !FEEDBACK.test(name) && !(atCreation && name === "FifoTopic"))
    throw invalid(atCreation ? "Attributes Reason: Unknown attribute" : "AttributeName");
  if (name === "Policy" || name === "DeliveryPolicy") checkJson(name, value);
  if (name === "SignatureVersion" && value !== "1" && value !== "2")
    throw invalid("SignatureVersion Reason: The allowed values are 1 and 2");
  if (name === "DisplayName" && value.length > 100)
    throw invalid("DisplayName Reason: Must be less than 100 characters long");
}

function checkJson(name: string, value: string): void {
  if (value === "") return;
  let policy: PolicyDocument;
  try {
    policy = JSON.parse(value);
  } catch {
    throw invalid(name === "Policy" ? "Policy Error: null" : `${name}: ${jsonMistake(value)}`);
  }
  if (name !== "Policy") return;
  for (const statement of [policy.Statement ?? []].flat()) {
    const actions = [statement.Action ?? []].flat();
    if (actions.some((action) => action !== "*" && !/^sns:/i.test(action)))
      throw invalid("Policy statement action out of service scope!");
  }
}
