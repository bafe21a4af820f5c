import type { PublishCommandInput, PublishCommandOutput } from "@aws-sdk/client-sns";
import { operation, ServiceException } from "../../service.ts";
import { publishing } from "./authorize.ts";
import { publish } from "./message.ts";
import { topicNamed } from "./state.ts";

/** Sends a message to every confirmed subscription of a topic. */
export const Publish = operation<PublishCommandInput, Omit<PublishCommandOutput, "$metadata">>({
  authorize: (input, call) => publishing(input.TopicArn ?? input.TargetArn, call),
  run: (input, { world }) => {
    if (input.PhoneNumber !== undefined) {
      if (!/^\+?[1-9]\d{1,14}$/.test(input.PhoneNumber))
        throw new ServiceException(
          "InvalidParameterException",
          `Invalid parameter: PhoneNumber Reason: ${input.PhoneNumber} is not valid to publish to`,
        );
      throw new ServiceException(
        "NotImplementedBySandbox",
        "The sandbox sends no text messages. Nothing was sent.",
        { status: 501 },
      );
    }
    const arn = input.TopicArn ?? input.TargetArn;
    if (arn === undefined)
      throw new ServiceException(
        "InvalidParameterException",
        "Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter",
      );
    const topic = topicNamed(world, arn, input.TopicArn === undefined ? "TargetArn" : "TopicArn");
    return {
      MessageId: publish(world, topic, input),
      ...(topic.name.endsWith(".fifo") ? { SequenceNumber: String(++topic.sequence).padStart(20, "1") } : {}),
    };
  },
});
