import type { AddTagsToResourceCommandInput, AddTagsToResourceCommandOutput } from "@aws-sdk/client-rds";
import { operation } from "../../service.ts";
import { tagged } from "./arns.ts";

/** Adds tags; a key that exists gets the new value. */
export const AddTagsToResource = operation<
  AddTagsToResourceCommandInput,
  Omit<AddTagsToResourceCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "rds:AddTagsToResource", resources: [input.ResourceName ?? "*"] }],
  run: (input, { world }) => {
    const owner = tagged(world, input.ResourceName);
    owner.tags = [
      ...owner.tags.filter(({ Key }) => !input.Tags?.some((tag) => tag.Key === Key)),
      ...(input.Tags ?? []),
    ];
    return {};
  },
});
