import type {
  GetSubscriptionAttributesCommandInput,
  GetSubscriptionAttributesCommandOutput,
} from "@aws-sdk/client-sns";
import { operation } from "../../service.ts";
import { subscriptionNamed } from "./state.ts";

/** Attributes of a subscription. */
export const GetSubscriptionAttributes = operation<
  GetSubscriptionAttributesCommandInput,
  Omit<GetSubscriptionAttributesCommandOutput, "$metadata">
>({
  authorize: (input) => [
    { action: "sns:GetSubscriptionAttributes", resources: [input.SubscriptionArn ?? "*"] },
  ],
  run: (input, { world }) => {
    const found = subscriptionNamed(world, input.SubscriptionArn);
    return {
      Attributes: {
        RawMessageDelivery: "false",
        ...Object.fromEntries(found.attributes),
        SubscriptionArn: found.arn,
        TopicArn: found.topicArn,
        Protocol: found.protocol,
        Endpoint: found.endpoint,
        PendingConfirmation: String(!found.confirmed),
        ConfirmationWasAuthenticated: String(found.confirmed),
        SubscriptionPrincipal: `arn:aws:iam::${world.account}:user/administrator`,
        ...(found.suspended ? { SandboxSuspended: "true" } : {}),
      },
    };
  },
});
