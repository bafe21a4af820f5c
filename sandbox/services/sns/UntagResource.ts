import type { UntagResourceCommandInput, UntagResourceCommandOutput } from "@aws-sdk/client-sns";
import { operation } from "../../service.ts";
import { topicNamed } from "./state.ts";

/** Removes tags. */
export const UntagResource = operation<
  UntagResourceCommandInput,
  Omit<UntagResourceCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "sns:UntagResource", resources: [input.ResourceArn ?? "*"] }],
  run: (input, { world, region }) => {
    const { tags } = topicNamed({ world, region }, input.ResourceArn);
    for (const key of input.TagKeys ?? []) tags.delete(key);
    return {};
  },
});
