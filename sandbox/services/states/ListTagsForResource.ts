import type { ListTagsForResourceCommandInput, ListTagsForResourceCommandOutput } from "@aws-sdk/client-sfn";
import { operation } from "../../service.ts";
import { machineNamed } from "./state.ts";

/** Tags of a machine. */
export const ListTagsForResource = operation<
  ListTagsForResourceCommandInput,
  Omit<ListTagsForResourceCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "states:ListTagsForResource", resources: [input.resourceArn ?? "*"] }],
  run: (input, { world }) => ({
    tags: [...machineNamed(world, input.resourceArn).tags].map(([key, value]) => ({ key, value })),
  }),
});
