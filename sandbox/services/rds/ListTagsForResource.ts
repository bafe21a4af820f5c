import type { ListTagsForResourceCommandInput, ListTagsForResourceCommandOutput } from "@aws-sdk/client-rds";
import { operation } from "../../service.ts";
import { tagged } from "./arns.ts";

/** Tags of an instance or snapshot. */
export const ListTagsForResource = operation<
  ListTagsForResourceCommandInput,
  Omit<ListTagsForResourceCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "rds:ListTagsForResource", resources: [input.ResourceName ?? "*"] }],
  run: (input, { world }) => ({ TagList: tagged(world, input.ResourceName).tags }),
});
