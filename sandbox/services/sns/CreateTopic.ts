import type { CreateTopicCommandInput, CreateTopicCommandOutput } from "@aws-sdk/client-sns";
import { operation, ServiceException } from "../../service.ts";
import { DELIVERY, defaultPolicy } from "./defaults.ts";
import { snsState, type Topic, topicArn } from "./state.ts";

/** Makes a topic; the same name with the same attributes and tags gives the same one. */
export const CreateTopic = operation<CreateTopicCommandInput, Omit<CreateTopicCommandOutput, "$metadata">>({
  authorize: (input, { world }) => [
    { action: "sns:CreateTopic", resources: [topicArn(world, input.Name ?? "*")] },
  ],
  run: (input, { world, region, account }) => {
    const { topics } = snsState(world);
    const name = input.Name ?? "";
    const fifo = input.Attributes?.["FifoTopic"] === "true";
    if (fifo && !name.endsWith(".fifo"))
      throw new ServiceException(
        "InvalidParameterException",
        "Invalid parameter: Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters, numbers, underscores, and hyphens, and must be between 1 and 256 characters long.",
      );
    if (!/^[\w-]{1,256}(\.fifo)?$/.test(name) || (!fifo && name.endsWith(".fifo")))
      throw new ServiceException("InvalidParameterException", "Invalid parameter: Topic Name");
    const arn = world.arn("sns", name, { region });
    const existing = topics.get(arn);
    const wanted = Object.entries(input.Attributes ?? {});
    if (existing) {
      for (const [key, value] of wanted)
        if (existing.attributes.get(key) !== value)
          throw new ServiceException(
            "InvalidParameterException",
            "Invalid parameter: Attributes Reason: Topic already exists with different attributes",
          );
      const tags = input.Tags ?? [];
      if (
        tags.length > 0 &&
        (tags.length !== existing.tags.size ||
          tags.some(({ Key = "", Value }) => existing.tags.get(Key) !== Value))
      )
        throw new ServiceException(
          "InvalidParameterException",
          "Invalid parameter: Tags Reason: Topic already exists with different tags",
        );
      return { TopicArn: arn };
    }
    const topic: Topic = {
      arn,
      name,
      attributes: new Map([
        ["Policy", defaultPolicy(arn, account)],
        ["Owner", account],
        ["DisplayName", ""],
        ["EffectiveDeliveryPolicy", DELIVERY],
        ...(fifo ? [["ContentBasedDeduplication", "false"] as const] : []),
        ...wanted,
      ]),
      tags: new Map((input.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
      sequence: 0,
    };
    topics.set(arn, topic);
    return { TopicArn: arn };
  },
});
