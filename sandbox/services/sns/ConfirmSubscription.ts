import type { ConfirmSubscriptionCommandInput, ConfirmSubscriptionCommandOutput } from "@aws-sdk/client-sns";
import { operation, ServiceException } from "../../service.ts";
import { snsState, topicNamed } from "./state.ts";

/** Confirms with the token of the mail or message. */
export const ConfirmSubscription = operation<
  ConfirmSubscriptionCommandInput,
  Omit<ConfirmSubscriptionCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "sns:ConfirmSubscription", resources: [input.TopicArn ?? "*"] }],
  run: (input, { world }) => {
    const topic = topicNamed(world, input.TopicArn);
    const found = [...snsState(world).subscriptions.values()].find(
      (each) => each.topicArn === topic.arn && each.token === input.Token,
    );
    if (!found) throw new ServiceException("InvalidParameterException", "Invalid parameter: Token");
    found.confirmed = true;
    return { SubscriptionArn: found.arn };
  },
});
