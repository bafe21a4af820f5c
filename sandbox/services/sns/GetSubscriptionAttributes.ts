import type {
  GetSubscriptionAttributesCommandInput,
  GetSubscriptionAttributesCommandOutput,
} from "@aws-sdk/client-sns";
import { operation } from "../../service.ts";
import { effectiveSubscriptionPolicy } from "./delivery-policy.ts";
import { snsState, subscriptionNamed } from "./state.ts";

/** Attributes of a subscription. */
export const GetSubscriptionAttributes = operation<
  GetSubscriptionAttributesCommandInput,
  Omit<GetSubscriptionAttributesCommandOutput, "$metadata">
>({
  authorize: (input) => [
    { action: "sns:GetSubscriptionAttributes", resources: [input.SubscriptionArn ?? "*"] },
  ],
  run: (input, { world, account }) => {
    const found = subscriptionNamed(world, input.SubscriptionArn);
    const { attributes } = found;
    const topic = snsState(world).topics.get(found.topicArn);
    return {
      Attributes: {
        RawMessageDelivery: "false",
        ...Object.fromEntries([...attributes].filter(([name]) => name !== "FilterPolicyScope")),
        ...(attributes.has("FilterPolicy")
          ? { FilterPolicyScope: attributes.get("FilterPolicyScope")! }
          : {}),
        ...(attributes.has("DeliveryPolicy")
          ? { EffectiveDeliveryPolicy: JSON.stringify(effectiveSubscriptionPolicy(found, topic)) }
          : {}),
        SubscriptionArn: found.arn,
        TopicArn: found.topicArn,
        Owner: account,
        Protocol: found.protocol,
        Endpoint: found.endpoint,
        PendingConfirmation: String(!found.confirmed),
        ConfirmationWasAuthenticated: String(found.authenticated),
        SubscriptionPrincipal: found.principal,
        // AWS tells this by mail and in the console only; a drill has to see it.
        ...(found.suspended ? { SandboxSuspended: "true" } : {}),
      },
    };
  },
});
