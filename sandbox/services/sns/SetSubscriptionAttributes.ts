import type {
  SetSubscriptionAttributesCommandInput,
  SetSubscriptionAttributesCommandOutput,
} from "@aws-sdk/client-sns";
import { operation } from "../../service.ts";
import { subscriptionNamed } from "./state.ts";

/** Sets one attribute. */
export const SetSubscriptionAttributes = operation<
  SetSubscriptionAttributesCommandInput,
  Omit<SetSubscriptionAttributesCommandOutput, "$metadata">
>({
  authorize: (input) => [
    { action: "sns:SetSubscriptionAttributes", resources: [input.SubscriptionArn ?? "*"] },
  ],
  run: (input, { world }) => {
    const found = subscriptionNamed(world, input.SubscriptionArn);
    if (input.AttributeValue === undefined || input.AttributeValue === "")
      found.attributes.delete(input.AttributeName!);
    else found.attributes.set(input.AttributeName!, input.AttributeValue);
    return {};
  },
});
