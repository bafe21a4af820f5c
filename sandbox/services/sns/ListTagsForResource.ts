import type { ListTagsForResourceCommandInput, ListTagsForResourceCommandOutput } from "@aws-sdk/client-sns";
import { operation } from "../../service.ts";
import { topicNamed } from "./state.ts";

/** Tags of a topic. */
export const ListTagsForResource = operation<
  ListTagsForResourceCommandInput,
  Omit<ListTagsForResourceCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "sns:ListTagsForResource", resources: [input.ResourceArn ?? "*"] }],
  run: (input, { world, region }) => ({
    Tags: [...topicNamed({ world, region }, input.ResourceArn).tags].map(([Key, Value]) => ({ Key, Value })),
  }),
});
