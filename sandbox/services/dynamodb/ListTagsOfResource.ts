import type {
  ListTagsOfResourceCommandInput,
  ListTagsOfResourceCommandOutput,
} from "@aws-sdk/client-dynamodb";
import { dynaliteOperation } from "./items.ts";

/** Tags of a table, by its ARN. */
export const ListTagsOfResource = dynaliteOperation<
  ListTagsOfResourceCommandInput,
  Omit<ListTagsOfResourceCommandOutput, "$metadata">
>("ListTagsOfResource", (input) => [
  { action: "dynamodb:ListTagsOfResource", resources: [input.ResourceArn ?? "*"] },
]);
