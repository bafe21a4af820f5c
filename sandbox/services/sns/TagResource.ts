import type { TagResourceCommandInput, TagResourceCommandOutput } from "@aws-sdk/client-sns";
import { operation } from "../../service.ts";
import { topicNamed } from "./state.ts";
import { tagsFrom } from "./tags.ts";

/** Adds tags. */
export const TagResource = operation<TagResourceCommandInput, Omit<TagResourceCommandOutput, "$metadata">>({
  authorize: (input) => [{ action: "sns:TagResource", resources: [input.ResourceArn ?? "*"] }],
  run: (input, { world, region }) => {
    const { tags } = topicNamed({ world, region }, input.ResourceArn);
    for (const [key, value] of tagsFrom(input.Tags)) tags.set(key, value);
    return {};
  },
});
