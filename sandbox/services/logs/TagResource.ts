import type { TagResourceCommandInput } from "@aws-sdk/client-cloudwatch-logs";
import { operation } from "../../service.ts";
import { groupOf } from "./state.ts";
import { onTagged } from "./tag-resource.ts";

/** Adds tags to a group. */
export const TagResource = operation<TagResourceCommandInput, object>({
  authorize: (input, call) => onTagged("TagResource", call, input.resourceArn),
  run: (input, { world }) => {
    const { tags } = groupOf(world, input.resourceArn);
    for (const [key, value] of Object.entries(input.tags ?? {})) tags.set(key, value);
    return {};
  },
});
