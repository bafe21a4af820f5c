import type { ListTopicsCommandInput, ListTopicsCommandOutput } from "@aws-sdk/client-sns";
import { operation } from "../../service.ts";
import { snsState } from "./state.ts";

/** All topics. */
export const ListTopics = operation<ListTopicsCommandInput, Omit<ListTopicsCommandOutput, "$metadata">>({
  authorize: () => [{ action: "sns:ListTopics", resources: ["*"] }],
  run: (_, { world }) => ({ Topics: [...snsState(world).topics.keys()].map((TopicArn) => ({ TopicArn })) }),
});
