import type { TagResourceCommandInput, TagResourceCommandOutput } from "@aws-sdk/client-dynamodb";
import { dynaliteOperation } from "./items.ts";

/** Tags of a table, by its ARN. */
export const TagResource = dynaliteOperation<
  TagResourceCommandInput,
  Omit<TagResourceCommandOutput, "$metadata">
>("TagResource", (input) => [{ action: "dynamodb:TagResource", resources: [input.ResourceArn ?? "*"] }]);
