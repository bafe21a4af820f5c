import type {
  ListTagsForResourceCommandInput,
  ListTagsForResourceResponse,
} from "@aws-sdk/client-cloudwatch-logs";
import { operation } from "../../service.ts";
import { groupOf } from "./state.ts";
import { onTagged } from "./tag-resource.ts";

/** Tags of a group. */
export const ListTagsForResource = operation<ListTagsForResourceCommandInput, ListTagsForResourceResponse>({
  authorize: (input, call) => onTagged("ListTagsForResource", call, input.resourceArn),
  run: (input, { world }) => ({ tags: Object.fromEntries(groupOf(world, input.resourceArn).tags) }),
});
