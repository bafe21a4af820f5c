import type {
  ListTagsForResourceCommandInput,
  ListTagsForResourceCommandOutput,
} from "@aws-sdk/client-route-53";
import { operation } from "../../service.ts";
import { bareId } from "./names.ts";
import { onTagged, tagList, tagsOf } from "./tags.ts";

/** Answers the tags of a zone or a health check. */
export const ListTagsForResource = operation<
  ListTagsForResourceCommandInput,
  Omit<ListTagsForResourceCommandOutput, "$metadata">
>({
  authorize: onTagged("ListTagsForResource"),
  run: (input, { world }) => ({
    ResourceTagSet: {
      ResourceType: input.ResourceType,
      ResourceId: bareId(input.ResourceId),
      Tags: tagList(tagsOf(world, input)),
    },
  }),
});
