import type { ConfirmSubscriptionCommandInput, ConfirmSubscriptionCommandOutput } from "@aws-sdk/client-sns";
import { operation } from "../../service.ts";
import { invalid, refused } from "./errors.ts";
import { subscriptionsOf } from "./state.ts";

const TWO_DAYS = 2 * 86_400_000;

/** Confirms with the token of the mail or message; whoever has it may, so the call need not be signed. */
export const ConfirmSubscription = operation<
  ConfirmSubscriptionCommandInput,
  Omit<ConfirmSubscriptionCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "sns:ConfirmSubscription", resources: [input.TopicArn ?? "*"] }],
  run: (input, { world }) => {
    const { TopicArn = "", Token = "" } = input;
    if (TopicArn.split(":").length < 6) throw invalid("Topic");
    if (!/^[0-9a-f]{288}$/.test(Token)) throw refused("Invalid token");
    const found = subscriptionsOf(world, TopicArn).find((each) => each.token === Token);
    if (!found || world.clock.now() - found.askedAt > TWO_DAYS) throw invalid("Token");
    found.confirmed = true;
    if (input.AuthenticateOnUnsubscribe === "true") found.authenticated = true;
    return { SubscriptionArn: found.arn };
  },
});
