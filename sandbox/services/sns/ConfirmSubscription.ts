import type { ConfirmSubscriptionCommandInput, ConfirmSubscriptionCommandOutput } from "@aws-sdk/client-sns";
import { operation } from "../../service.ts";
import { invalid, refused } from "./errors.ts";
import { snsState } from "./state.ts";

const TWO_DAYS = 2 * 86_400_000;

/** Confirms with the token of the mail or message; whoever has it may, so the call need not be signed. */
export const ConfirmSubscription = operation<
  ConfirmSubscriptionCommandInput,
  Omit<ConfirmSubscriptionCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "sns:ConfirmSubscription", resources: [input.TopicArn ?? "*"] }],
  run: (input, { world, region }) => {
    const { TopicArn = "", Token = "" } = input;
    const parts = TopicArn.split(":");
    if (parts.length < 6 || parts[3] !== region) throw invalid("Topic");
    if (!/^[0-9a-f]+$/.test(Token)) throw refused("Invalid token");
    // The token alone tells the subscription: SNS does not ask whether the topic is the right one.
    const found = [...snsState(world).subscriptions.values()].find((each) => each.token === Token);
    if (!found || world.clock.now() - found.askedAt > TWO_DAYS) throw invalid("Token");
    found.confirmed = true;
    if (input.AuthenticateOnUnsubscribe === "true") found.authenticated = true;
    return { SubscriptionArn: found.arn };
  },
});
