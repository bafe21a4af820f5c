import type { TagResourceCommandInput, TagResourceCommandOutput } from "@aws-sdk/client-eventbridge";
import { operation } from "../../service.ts";
import { taggedRule } from "./tagged-rule.ts";

/** Adds tags to a rule. */
export const TagResource = operation<TagResourceCommandInput, Omit<TagResourceCommandOutput, "$metadata">>({
  authorize: (input) => [{ action: "events:TagResource", resources: [input.ResourceARN ?? "*"] }],
  run: (input, { world }) => {
    const { tags } = taggedRule(world, input.ResourceARN);
    for (const { Key = "", Value = "" } of input.Tags ?? []) tags.set(Key, Value);
    return {};
  },
});
