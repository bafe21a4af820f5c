import { subscriptionPolicy } from "./delivery-policy.ts";
import { jsonMistake } from "./errors.ts";
import { filterPolicyMistake } from "./filter-policy.ts";

/** What a check may depend on. */
interface Subscribed {
  /** The queue, function or address that subscribes. */
  endpoint: string;
  attributes: Map<string, string>;
}

/** Checks one attribute of a subscription and gives it as SNS keeps it. Throws why not, without any beginning. */
type Check = (value: string, of: Subscribed) => string;

export class AttributeMistake extends Error {}

const parsed = (name: string, value: string): unknown => {
  try {
    return JSON.parse(value);
  } catch {
    throw new AttributeMistake(`${name}: failed to parse JSON. ${jsonMistake(value)}`);
  }
};

const CHECKS: Record<string, Check> = {
  RawMessageDelivery: (value) => {
    if (!/^(true|false)$/i.test(value))
      throw new AttributeMistake(`RawMessageDelivery: Invalid value [${value}]. Must be true or false.`);
    return value.toLowerCase();
  },
  FilterPolicy: (value, { attributes }) => {
    parsed("FilterPolicy", value);
    const mistake = filterPolicyMistake(value, attributes.get("FilterPolicyScope"));
    if (mistake !== undefined) throw new AttributeMistake(mistake);
    return value;
  },
  FilterPolicyScope: (value) => {
    if (value !== "MessageAttributes" && value !== "MessageBody")
      throw new AttributeMistake(
        `FilterPolicyScope: Invalid value [${value}]. Please use either MessageBody or MessageAttributes`,
      );
    return value;
  },
  RedrivePolicy: (value, { endpoint }) => {
    const policy = parsed("RedrivePolicy", value) as { deadLetterTargetArn?: unknown } | null;
    const arn = policy?.deadLetterTargetArn;
    if (typeof arn !== "string" || !/^arn:aws[\w-]*:sqs:[\w-]+:\d{12}:[\w.-]+$/.test(arn))
      throw new AttributeMistake("RedrivePolicy: deadLetterTargetArn is an invalid arn");
    if (isFifoQueue(endpoint) && !isFifoQueue(arn))
      throw new AttributeMistake(
        "RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.",
      );
    return value;
  },
  DeliveryPolicy: (value) => {
    parsed("DeliveryPolicy", value);
    return subscriptionPolicy(value);
  },
  SubscriptionRoleArn: (value) => value,
};

/** What a subscription has unless told otherwise. */
const DEFAULTS: Record<string, string> = {
  RawMessageDelivery: "false",
  FilterPolicyScope: "MessageAttributes",
};

export const isFifoQueue = (endpoint: string) => endpoint.endsWith(".fifo");

/** Checks one attribute and puts it among the others; an empty policy takes it away. */
export function setAttribute(of: Subscribed, name: string, value: string): void {
  const { attributes } = of;
  const check = CHECKS[name];
  if (!check) throw new AttributeMistake("AttributeName");
  if (value === "" && name !== "RawMessageDelivery" && name !== "FilterPolicyScope") {
    attributes.delete(name);
    return;
  }
  attributes.set(name, check(value, of));
  // A filter always shows what it is applied to.
  if (name === "FilterPolicy" && !attributes.has("FilterPolicyScope"))
    attributes.set("FilterPolicyScope", DEFAULTS["FilterPolicyScope"]!);
}

/** Whether a subscription has these attributes already; those not named are not compared. */
export function sameAttributes(existing: Map<string, string>, wanted: Map<string, string>): boolean {
  return [...wanted].every(([name, value]) => (existing.get(name) ?? DEFAULTS[name]) === value);
}
