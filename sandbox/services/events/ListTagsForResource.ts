import type {
  ListTagsForResourceCommandInput,
  ListTagsForResourceCommandOutput,
} from "@aws-sdk/client-eventbridge";
import { operation } from "../../service.ts";
import { taggedRule } from "./tagged-rule.ts";

/** Tags of a rule. */
export const ListTagsForResource = operation<
  ListTagsForResourceCommandInput,
  Omit<ListTagsForResourceCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "events:ListTagsForResource", resources: [input.ResourceARN ?? "*"] }],
  run: (input, { world }) => ({
    Tags: [...taggedRule(world, input.ResourceARN).tags].map(([Key, Value]) => ({ Key, Value })),
  }),
});
