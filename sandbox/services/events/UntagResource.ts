import type { UntagResourceCommandInput, UntagResourceCommandOutput } from "@aws-sdk/client-eventbridge";
import { operation } from "../../service.ts";
import { tagsOf } from "./tagged.ts";

/** Removes tags of a rule or a bus. */
export const UntagResource = operation<
  UntagResourceCommandInput,
  Omit<UntagResourceCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "events:UntagResource", resources: [input.ResourceARN ?? "*"] }],
  run: (input, { world }) => {
    const tags = tagsOf(world, input.ResourceARN);
    for (const key of input.TagKeys ?? []) tags.delete(key);
    return {};
  },
});
