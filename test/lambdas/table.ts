import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { TestWorld } from "../sandbox/front/harness.ts";

export const TABLE = "lab-watchdog";

/** Makes the plan's table in a test world that has DynamoDB; gives the administrator's client of it. */
export async function openTable({ admin }: Pick<TestWorld, "admin">): Promise<DynamoDBClient> {
  const client = new DynamoDBClient(admin);
  const [pk, sk] = ["pk", "sk"];
  await client.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [
        { AttributeName: pk, KeyType: "HASH" },
        { AttributeName: sk, KeyType: "RANGE" },
      ],
      AttributeDefinitions: [
        { AttributeName: pk, AttributeType: "S" },
        { AttributeName: sk, AttributeType: "S" },
      ],
    }),
  );
  return client;
}
