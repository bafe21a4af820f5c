import type { PolicyDocument } from "../../front/iam/policy.ts";
import { ServiceException } from "../../service.ts";
import type { Queue } from "./state.ts";

/** What may be set, with the limits of numbers (seconds or bytes). */
const SETTABLE: Record<string, [number, number] | undefined> = {
  DelaySeconds: [0, 900],
  MaximumMessageSize: [1024, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 20],
  VisibilityTimeout: [0, 43_200],
  KmsDataKeyReusePeriodSeconds: [60, 86_400],
  Policy: undefined,
  RedrivePolicy: undefined,
  RedriveAllowPolicy: undefined,
  KmsMasterKeyId: undefined,
  SqsManagedSseEnabled: undefined,
  FifoQueue: undefined,
  ContentBasedDeduplication: undefined,
  DeduplicationScope: undefined,
  FifoThroughputLimit: undefined,
};

/** Sets attributes after all of them were judged; an empty value takes one away. */
export function setAttributes(queue: Queue, attributes: Record<string, string>, now: number): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (!(name in SETTABLE)) throw new ServiceException("InvalidAttributeName", `Unknown Attribute ${name}.`);
    const limits = SETTABLE[name];
    const invalid = () =>
      new ServiceException("InvalidAttributeValue", `Invalid value for the parameter ${name}.`);
    if (limits && !(/^\d+$/.test(value) && Number(value) >= limits[0] && Number(value) <= limits[1]))
      throw invalid();
    if (["Policy", "RedrivePolicy", "RedriveAllowPolicy"].includes(name) && value !== "") {
      try {
        JSON.parse(value);
      } catch {
        throw invalid();
      }
    }
  }
  for (const [name, value] of Object.entries(attributes)) {
    if (value === "") queue.attributes.delete(name);
    else queue.attributes.set(name, value);
  }
  const policy = queue.attributes.get("Policy");
  queue.policy = policy ? (JSON.parse(policy) as PolicyDocument) : undefined;
  queue.changedAt = now;
}
