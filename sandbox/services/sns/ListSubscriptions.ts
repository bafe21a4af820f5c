import type { ListSubscriptionsCommandInput, ListSubscriptionsCommandOutput } from "@aws-sdk/client-sns";
import { operation } from "../../service.ts";
import { listed } from "./answers.ts";
import { page } from "./paging.ts";
import { snsState } from "./state.ts";

/** The region's subscriptions, a hundred at a time. */
export const ListSubscriptions = operation<
  ListSubscriptionsCommandInput,
  Omit<ListSubscriptionsCommandOutput, "$metadata">
>({
  authorize: () => [{ action: "sns:ListSubscriptions", resources: ["*"] }],
  run: (input, { world, account, region }) => {
    const all = [...snsState(world).subscriptions.values()].filter(
      (each) => each.topicArn.split(":")[3] === region,
    );
    const { items, NextToken } = page(all, input.NextToken);
    return { Subscriptions: items.map((each) => listed(each, account)), ...(NextToken ? { NextToken } : {}) };
  },
});
