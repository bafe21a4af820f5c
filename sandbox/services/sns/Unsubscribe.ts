import type { UnsubscribeCommandInput, UnsubscribeCommandOutput } from "@aws-sdk/client-sns";
import { operation } from "../../service.ts";
import { invalid } from "./errors.ts";
import { snsState } from "./state.ts";

/** Removes a subscription; one that does not exist any more is no error. */
export const Unsubscribe = operation<UnsubscribeCommandInput, Omit<UnsubscribeCommandOutput, "$metadata">>({
  authorize: (input) => [{ action: "sns:Unsubscribe", resources: [input.SubscriptionArn ?? "*"] }],
  run: (input, { world }) => {
    const arn = input.SubscriptionArn;
    if (arn === undefined) throw invalid("SubscriptionArn Reason: no value for required parameter");
    const parts = arn.split(":").length;
    if (parts < 6)
      throw invalid(`SubscriptionArn Reason: An ARN must have at least 6 elements, not ${parts}`);
    if (!/^arn:aws[\w-]*:sns:[\w-]+:\d+:[^:]+:[^:]+$/.test(arn)) throw invalid("SubscriptionId");
    snsState(world).subscriptions.delete(arn);
    return {};
  },
});
