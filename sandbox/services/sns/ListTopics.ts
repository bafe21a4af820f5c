import type { ListTopicsCommandInput, ListTopicsCommandOutput } from "@aws-sdk/client-sns";
import { operation } from "../../service.ts";
import { page } from "./paging.ts";
import { snsState } from "./state.ts";

/** The region's topics, a hundred at a time. */
export const ListTopics = operation<ListTopicsCommandInput, Omit<ListTopicsCommandOutput, "$metadata">>({
  authorize: () => [{ action: "sns:ListTopics", resources: ["*"] }],
  run: (input, { world, region }) => {
    const all = [...snsState(world).topics.values()].filter((topic) => topic.region === region);
    const { items, NextToken } = page(all, input.NextToken);
    return { Topics: items.map(({ arn }) => ({ TopicArn: arn })), ...(NextToken ? { NextToken } : {}) };
  },
});
