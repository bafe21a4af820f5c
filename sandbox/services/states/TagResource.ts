import type { TagResourceCommandInput, TagResourceCommandOutput } from "@aws-sdk/client-sfn";
import { operation } from "../../service.ts";
import { machineNamed } from "./state.ts";

/** Adds tags to a machine. */
export const TagResource = operation<TagResourceCommandInput, Omit<TagResourceCommandOutput, "$metadata">>({
  authorize: (input) => [{ action: "states:TagResource", resources: [input.resourceArn ?? "*"] }],
  run: (input, { world }) => {
    const { tags } = machineNamed(world, input.resourceArn);
    for (const { key = "", value = "" } of input.tags ?? []) tags.set(key, value);
    return {};
  },
});
