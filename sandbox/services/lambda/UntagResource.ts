import type { UntagResourceCommandInput, UntagResourceCommandOutput } from "@aws-sdk/client-lambda";
import { operation } from "../../service.ts";
import { functionNamed } from "./lookup.ts";

/** Takes tags off a function. */
export const UntagResource = operation<
  UntagResourceCommandInput,
  Omit<UntagResourceCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "lambda:UntagResource", resources: [input.Resource ?? "*"] }],
  run: (input, { world }) => {
    const { tags } = functionNamed(world, input.Resource);
    for (const key of input.TagKeys ?? []) delete tags[key];
    return {};
  },
});
