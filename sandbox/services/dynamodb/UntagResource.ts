import type { UntagResourceCommandInput, UntagResourceCommandOutput } from "@aws-sdk/client-dynamodb";
import { dynaliteOperation } from "./items.ts";

/** Tags of a table, by its ARN. */
export const UntagResource = dynaliteOperation<
  UntagResourceCommandInput,
  Omit<UntagResourceCommandOutput, "$metadata">
>("UntagResource", (input) => [{ action: "dynamodb:UntagResource", resources: [input.ResourceArn ?? "*"] }]);
