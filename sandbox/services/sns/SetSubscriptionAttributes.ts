import type {
  SetSubscriptionAttributesCommandInput,
  SetSubscriptionAttributesCommandOutput,
} from "@aws-sdk/client-sns";
import { operation } from "../../service.ts";
import { invalid } from "./errors.ts";
import { subscriptionNamed } from "./state.ts";
import { AttributeMistake, setAttribute } from "./subscription-attributes.ts";

/** Sets one attribute; an empty policy takes it away. */
export const SetSubscriptionAttributes = operation<
  SetSubscriptionAttributesCommandInput,
  Omit<SetSubscriptionAttributesCommandOutput, "$metadata">
>({
  authorize: (input) => [
    { action: "sns:SetSubscriptionAttributes", resources: [input.SubscriptionArn ?? "*"] },
  ],
  run: (input, { world }) => {
    const subscription = subscriptionNamed(world, input.SubscriptionArn);
    try {
      setAttribute(subscription, input.AttributeName ?? "", input.AttributeValue ?? "");
    } catch (error) {
      if (error instanceof AttributeMistake) throw invalid(error.message);
      throw error;
    }
    return {};
  },
});
