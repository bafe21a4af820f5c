import type {
  ListTagsForResourcesCommandInput,
  ListTagsForResourcesCommandOutput,
} from "@aws-sdk/client-route-53";
import { operation } from "../../service.ts";
import { bareId } from "./names.ts";
import { onTagged, tagList, tagsOf } from "./tags.ts";

/** Answers the tags of up to ten zones or health checks. */
export const ListTagsForResources = operation<
  ListTagsForResourcesCommandInput,
  Omit<ListTagsForResourcesCommandOutput, "$metadata">
>({
  authorize: (input) =>
    (input.ResourceIds ?? []).flatMap((ResourceId) =>
      onTagged("ListTagsForResources")({ ResourceType: input.ResourceType, ResourceId }),
    ),
  run: (input, { world }) => ({
    ResourceTagSets: (input.ResourceIds ?? []).map((ResourceId) => ({
      ResourceType: input.ResourceType,
      ResourceId: bareId(ResourceId),
      Tags: tagList(tagsOf(world, { ResourceType: input.ResourceType, ResourceId })),
    })),
  }),
});
