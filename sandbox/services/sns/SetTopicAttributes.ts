import type { SetTopicAttributesCommandInput, SetTopicAttributesCommandOutput } from "@aws-sdk/client-sns";
import { operation } from "../../service.ts";
import { topicNamed } from "./state.ts";

/** Sets one attribute. */
export const SetTopicAttributes = operation<
  SetTopicAttributesCommandInput,
  Omit<SetTopicAttributesCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "sns:SetTopicAttributes", resources: [input.TopicArn ?? "*"] }],
  run: (input, { world }) => {
    topicNamed(world, input.TopicArn).attributes.set(input.AttributeName!, input.AttributeValue ?? "");
    return {};
  },
});
