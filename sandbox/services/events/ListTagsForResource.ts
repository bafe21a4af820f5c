import type {
  ListTagsForResourceCommandInput,
  ListTagsForResourceCommandOutput,
} from "@aws-sdk/client-eventbridge";
import { operation } from "../../service.ts";
import { tagsOf } from "./tagged.ts";

/** Tags of a rule or a bus. */
export const ListTagsForResource = operation<
  ListTagsForResourceCommandInput,
  Omit<ListTagsForResourceCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "events:ListTagsForResource", resources: [input.ResourceARN ?? "*"] }],
  run: (input, { world }) => ({
    Tags: [...tagsOf(world, input.ResourceARN)].map(([Key, Value]) => ({ Key, Value })),
  }),
});
