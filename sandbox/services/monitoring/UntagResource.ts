import type { UntagResourceCommandInput, UntagResourceCommandOutput } from "@aws-sdk/client-cloudwatch";
import { operation, ServiceException } from "../../service.ts";
import { taggedAlarm } from "./tagged-alarm.ts";

/** Removes tags of an alarm. */
export const UntagResource = operation<
  UntagResourceCommandInput,
  Omit<UntagResourceCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "cloudwatch:UntagResource", resources: [input.ResourceARN ?? "*"] }],
  run: (input, { world }) => {
    const tags = taggedAlarm(world, input.ResourceARN)?.tags;
    if (!tags)
      throw new ServiceException("ResourceNotFoundException", `Resource ${input.ResourceARN} does not exist`);
    for (const key of input.TagKeys ?? []) tags.delete(key);
    return {};
  },
});
