import type {
  ListTagsForResourceCommandInput,
  ListTagsForResourceCommandOutput,
} from "@aws-sdk/client-cloudwatch";
import { operation } from "../../service.ts";
import { taggedAlarm } from "./tagged-alarm.ts";

/** Tags of an alarm; none for one that does not exist. */
export const ListTagsForResource = operation<
  ListTagsForResourceCommandInput,
  Omit<ListTagsForResourceCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "cloudwatch:ListTagsForResource", resources: [input.ResourceARN ?? "*"] }],
  run: (input, { world }) => ({
    Tags: [...(taggedAlarm(world, input.ResourceARN)?.tags ?? [])].map(([Key, Value]) => ({ Key, Value })),
  }),
});
