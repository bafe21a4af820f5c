import type { TagResourceCommandInput, TagResourceCommandOutput } from "@aws-sdk/client-eventbridge";
import { operation } from "../../service.ts";
import { tagMap, tagsOf } from "./tagged.ts";

/** Adds tags to a rule or a bus. */
export const TagResource = operation<TagResourceCommandInput, Omit<TagResourceCommandOutput, "$metadata">>({
  authorize: (input) => [{ action: "events:TagResource", resources: [input.ResourceARN ?? "*"] }],
  run: (input, { world }) => {
    const tags = tagsOf(world, input.ResourceARN);
    for (const [key, value] of tagMap(input.Tags)) tags.set(key, value);
    return {};
  },
});
