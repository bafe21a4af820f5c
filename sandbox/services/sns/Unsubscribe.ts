import type { UnsubscribeCommandInput, UnsubscribeCommandOutput } from "@aws-sdk/client-sns";
import { operation, ServiceException } from "../../service.ts";
import { snsState } from "./state.ts";

/** Removes a subscription; one that does not exist any more is no error. */
export const Unsubscribe = operation<UnsubscribeCommandInput, Omit<UnsubscribeCommandOutput, "$metadata">>({
  authorize: (input) => [{ action: "sns:Unsubscribe", resources: [input.SubscriptionArn ?? "*"] }],
  run: (input, { world }) => {
    const arn = input.SubscriptionArn ?? "";
    if (arn.split(":").length < 6)
      throw new ServiceException(
        "InvalidParameterException",
        `Invalid parameter: SubscriptionArn Reason: An ARN must have at least 6 elements, not ${arn.split(":").length}`,
      );
    if (!/^arn:aws[\w-]*:sns:[\w-]+:\d+:[^:]+:[^:]+$/.test(arn))
      throw new ServiceException("InvalidParameterException", "Invalid parameter: SubscriptionId");
    snsState(world).subscriptions.delete(arn);
    return {};
  },
});
