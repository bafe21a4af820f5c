import type { ListTagsCommandInput, ListTagsCommandOutput } from "@aws-sdk/client-lambda";
import { operation } from "../../service.ts";
import { functionNamed } from "./lookup.ts";

/** Answers the tags of a function. */
export const ListTags = operation<ListTagsCommandInput, Omit<ListTagsCommandOutput, "$metadata">>({
  authorize: (input) => [{ action: "lambda:ListTags", resources: [input.Resource ?? "*"] }],
  run: (input, { world }) => {
    return { Tags: { ...functionNamed(world, input.Resource).tags } };
  },
});
