import { paginateQuery } from "@aws-sdk/client-dynamodb";
import { tableName } from "../../lib/names.ts";
import { type AwsOptions, dynamodb, partitionOf } from "./aws.ts";

/** What rang or happened while a run held the lock and was only added to it, in words; nothing of it began a run. */
export async function joinedTo(options: AwsOptions, service: string, run: string): Promise<string[]> {
  const pages = paginateQuery(
    { client: dynamodb(options) },
    {
      TableName: tableName(service),
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :joined)",
      FilterExpression: "attribute_not_exists(handedBack)",
      // lambdas/runtime/joined.ts writes these rows.
      ExpressionAttributeValues: { ":pk": partitionOf(service), ":joined": { S: `RUN#${run}#JOINED#` } },
      ConsistentRead: true,
    },
  );
  const found: string[] = [];
  for await (const { Items = [] } of pages) found.push(...Items.flatMap(({ text }) => text?.S ?? []));
  return found;
}
