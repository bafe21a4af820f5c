import type { PublishCommandInput, PublishCommandOutput } from "@aws-sdk/client-sns";
import { operation, ServiceException } from "../../service.ts";
import { publish } from "./accepted.ts";
import { publishing } from "./authorize.ts";
import { invalid } from "./errors.ts";
import { topicNamed } from "./state.ts";

/** Sends a message to every confirmed subscription of a topic. */
export const Publish = operation<PublishCommandInput, Omit<PublishCommandOutput, "$metadata">>({
  authorize: (input, call) => publishing(input.TopicArn ?? input.TargetArn, call),
  run: (input, { world, region }) => {
    const given = [input.TopicArn, input.TargetArn, input.PhoneNumber].filter((each) => each !== undefined);
    if (given.length > 1)
      throw invalid("TopicArn or TargetArn or PhoneNumber Reason: only one of them can be specified");
    if (input.PhoneNumber !== undefined) {
      if (!/^\+?[1-9]\d{1,14}$/.test(input.PhoneNumber))
        throw invalid(`PhoneNumber Reason: ${input.PhoneNumber} is not valid to publish to`);
      throw new ServiceException(
        "NotImplementedBySandbox",
        "The sandbox sends no text messages. Nothing was sent.",
        { status: 501 },
      );
    }
    const arn = input.TopicArn ?? input.TargetArn;
    if (arn === undefined) throw invalid("TopicArn or TargetArn Reason: no value for required parameter");
    const field = input.TopicArn === undefined ? "TargetArn" : "TopicArn";
    if (field === "TargetArn" && arn.includes(":endpoint/"))
      throw invalid("TargetArn Reason: No endpoint found for the target arn specified");
    const topic = topicNamed({ world, region }, arn, field);
    return publish(world, topic, input);
  },
});
