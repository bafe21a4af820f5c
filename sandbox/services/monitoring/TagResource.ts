import type { TagResourceCommandInput, TagResourceCommandOutput } from "@aws-sdk/client-cloudwatch";
import { operation, ServiceException } from "../../service.ts";
import { taggedAlarm } from "./tagged-alarm.ts";

/** Adds tags to an alarm. */
export const TagResource = operation<TagResourceCommandInput, Omit<TagResourceCommandOutput, "$metadata">>({
  authorize: (input) => [{ action: "cloudwatch:TagResource", resources: [input.ResourceARN ?? "*"] }],
  run: (input, { world }) => {
    const tags = taggedAlarm(world, input.ResourceARN)?.tags;
    if (!tags)
      throw new ServiceException("ResourceNotFoundException", `Resource ${input.ResourceARN} does not exist`);
    for (const { Key = "", Value = "" } of input.Tags ?? []) tags.set(Key, Value);
    return {};
  },
});
