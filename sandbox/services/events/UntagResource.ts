import type { UntagResourceCommandInput, UntagResourceCommandOutput } from "@aws-sdk/client-eventbridge";
import { operation } from "../../service.ts";
import { taggedRule } from "./tagged-rule.ts";

/** Removes tags of a rule. */
export const UntagResource = operation<
  UntagResourceCommandInput,
  Omit<UntagResourceCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "events:UntagResource", resources: [input.ResourceARN ?? "*"] }],
  run: (input, { world }) => {
    const { tags } = taggedRule(world, input.ResourceARN);
    for (const key of input.TagKeys ?? []) tags.delete(key);
    return {};
  },
});
