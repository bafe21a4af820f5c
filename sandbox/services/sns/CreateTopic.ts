import type { CreateTopicCommandInput, CreateTopicCommandOutput } from "@aws-sdk/client-sns";
import { operation } from "../../service.ts";
import { defaultPolicy } from "./defaults.ts";
import { topicPolicy } from "./delivery-policy.ts";
import { invalid } from "./errors.ts";
import { snsState, subscriptionsOf, type Topic, topicArn } from "./state.ts";
import { tagsFrom } from "./tags.ts";
import { checkTopicAttribute } from "./topic-attributes.ts";

/** Makes a topic; the same name with the same attributes and tags gives the same one. */
export const CreateTopic = operation<CreateTopicCommandInput, Omit<CreateTopicCommandOutput, "$metadata">>({
  authorize: (input, { world, region }) => [
    { action: "sns:CreateTopic", resources: [topicArn(world, input.Name ?? "*", region)] },
  ],
  run: (input, { world, region, account }) => {
    const { topics, subscriptions } = snsState(world);
    const name = input.Name ?? "";
    const wanted = { ...input.Attributes };
    const fifo = wanted["FifoTopic"] === "true";
    // "false" is as good as not said, and a standard topic never shows it.
    if (!fifo) delete wanted["FifoTopic"];
    if (!(fifo ? /^[\w-]{1,251}\.fifo$/ : /^[\w-]{1,256}$/).test(name)) throw invalid("Topic Name");
    for (const [key, value] of Object.entries(wanted)) checkTopicAttribute(key, value, true);
    if (wanted["DeliveryPolicy"]) wanted["DeliveryPolicy"] = topicPolicy(wanted["DeliveryPolicy"]);
    const arn = topicArn(world, name, region);
    const tags = tagsFrom(input.Tags);
    const existing = topics.get(arn);
    if (existing) {
      checkSame(existing, wanted, tags);
      return { TopicArn: arn };
    }
    const topic: Topic = {
      arn,
      name,
      region,
      attributes: new Map([
        ["Policy", defaultPolicy(arn, account)],
        ["Owner", account],
        ["DisplayName", ""],
        ...(fifo ? [["ContentBasedDeduplication", "false"] as const] : []),
        ...Object.entries(wanted),
      ]),
      tags,
      sequence: 0,
      deduplicated: new Map(),
    };
    // Subscriptions outlive a deleted topic for a while, but never join a new one of its name.
    for (const { arn: old } of subscriptionsOf(world, arn)) subscriptions.delete(old);
    topics.set(arn, topic);
    return { TopicArn: arn };
  },
});

function checkSame(existing: Topic, wanted: Record<string, string>, tags: Map<string, string>): void {
  for (const [key, value] of Object.entries(wanted))
    if (existing.attributes.get(key) !== value)
      throw invalid("Attributes Reason: Topic already exists with different attributes");
  for (const [key, value] of tags)
    if (existing.tags.get(key) !== value)
      throw invalid("Tags Reason: Topic already exists with different tags");
}
