import type { SetTopicAttributesCommandInput, SetTopicAttributesCommandOutput } from "@aws-sdk/client-sns";
import { operation } from "../../service.ts";
import { defaultPolicy } from "./defaults.ts";
import { topicPolicy } from "./delivery-policy.ts";
import { topicNamed } from "./state.ts";
import { checkTopicAttribute } from "./topic-attributes.ts";

/** Sets one attribute; an empty policy is the default one again. */
export const SetTopicAttributes = operation<
  SetTopicAttributesCommandInput,
  Omit<SetTopicAttributesCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "sns:SetTopicAttributes", resources: [input.TopicArn ?? "*"] }],
  run: (input, { world, region, account }) => {
    const { AttributeName: name = "", AttributeValue: value = "" } = input;
    const topic = topicNamed({ world, region }, input.TopicArn);
    checkTopicAttribute(name, value, false);
    if (name === "Policy") topic.attributes.set(name, value || defaultPolicy(topic.arn, account));
    else if (value === "" && name !== "DisplayName") topic.attributes.delete(name);
    else topic.attributes.set(name, name === "DeliveryPolicy" ? topicPolicy(value) : value);
    return {};
  },
});
