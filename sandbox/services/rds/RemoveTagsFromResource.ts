import type {
  RemoveTagsFromResourceCommandInput,
  RemoveTagsFromResourceCommandOutput,
} from "@aws-sdk/client-rds";
import { operation } from "../../service.ts";
import { tagged } from "./arns.ts";

/** Removes tags. */
export const RemoveTagsFromResource = operation<
  RemoveTagsFromResourceCommandInput,
  Omit<RemoveTagsFromResourceCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "rds:RemoveTagsFromResource", resources: [input.ResourceName ?? "*"] }],
  run: (input, { world }) => {
    const owner = tagged(world, input.ResourceName);
    owner.tags = owner.tags.filter(({ Key }) => !input.TagKeys?.includes(Key ?? ""));
    return {};
  },
});
