import type { UntagResourceCommandInput, UntagResourceCommandOutput } from "@aws-sdk/client-sfn";
import { operation } from "../../service.ts";
import { machineNamed } from "./state.ts";

/** Removes tags. */
export const UntagResource = operation<
  UntagResourceCommandInput,
  Omit<UntagResourceCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "states:UntagResource", resources: [input.resourceArn ?? "*"] }],
  run: (input, { world }) => {
    const { tags } = machineNamed(world, input.resourceArn);
    for (const key of input.tagKeys ?? []) tags.delete(key);
    return {};
  },
});
