import type { TagResourceCommandInput, TagResourceCommandOutput } from "@aws-sdk/client-lambda";
import { operation } from "../../service.ts";
import { functionNamed } from "./lookup.ts";

/** Sets tags of a function. */
export const TagResource = operation<TagResourceCommandInput, Omit<TagResourceCommandOutput, "$metadata">>({
  authorize: (input) => [{ action: "lambda:TagResource", resources: [input.Resource ?? "*"] }],
  run: (input, { world }) => {
    Object.assign(functionNamed(world, input.Resource).tags, input.Tags);
    return {};
  },
});
