import type {
  ChangeTagsForResourceCommandInput,
  ChangeTagsForResourceCommandOutput,
} from "@aws-sdk/client-route-53";
import { operation } from "../../service.ts";
import { onTagged, tagsOf } from "./tags.ts";

/** Sets and removes tags of a zone or a health check. */
export const ChangeTagsForResource = operation<
  ChangeTagsForResourceCommandInput,
  Omit<ChangeTagsForResourceCommandOutput, "$metadata">
>({
  authorize: onTagged("ChangeTagsForResource"),
  run: (input, { world }) => {
    const tags = tagsOf(world, input);
    for (const { Key = "", Value = "" } of input.AddTags ?? []) tags.set(Key, Value);
    for (const key of input.RemoveTagKeys ?? []) tags.delete(key);
    return {};
  },
});
