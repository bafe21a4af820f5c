import {
  CreateTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateContinuousBackupsCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dynamodb } from "../../../../sandbox/services/dynamodb/index.ts";
import { openWorld, type TestWorld } from "../../front/harness.ts";

let test: TestWorld;
let client: DynamoDBClient;
const TableName = "runs";

beforeAll(async () => {
  test = await openWorld([dynamodb]);
  client = new DynamoDBClient(test.admin);
  await client.send(
    new CreateTableCommand({
      TableName,
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "sk", AttributeType: "S" },
      ],
      BillingMode: "PAY_PER_REQUEST",
      SSESpecification: { Enabled: true },
      DeletionProtectionEnabled: true,
      Tags: [{ Key: "plan", Value: "lab" }],
    }),
  );
});
afterAll(() => test.close());

const key = (sk: string) => ({ pk: { S: "lab" }, sk: { S: sk } });
const read = async (sk: string) =>
  (await client.send(new GetItemCommand({ TableName, Key: key(sk), ConsistentRead: true }))).Item;

describe("DynamoDB", () => {
  it("keeps a table's settings, tags and its name in the account", async () => {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    const tags = await client.send(new ListTagsOfResourceCommand({ ResourceArn: Table?.TableArn }));

    expect(Table).toMatchObject({
      TableStatus: "ACTIVE",
      DeletionProtectionEnabled: true,
      SSEDescription: { Status: "ENABLED" },
    });
    expect(Table?.TableArn).toBe("arn:aws:dynamodb:us-east-1:123456789012:table/runs");
    expect(tags.Tags).toEqual([{ Key: "plan", Value: "lab" }]);
  });

  it("refuses a conditional write whose condition does not hold, with the item that is there", async () => {
    await client.send(new PutItemCommand({ TableName, Item: { ...key("lock"), generation: { N: "1" } } }));

    const second = client.send(
      new PutItemCommand({ TableName, Item: key("lock"), ConditionExpression: "attribute_not_exists(pk)" }),
    );

    await expect(second).rejects.toMatchObject({ name: "ConditionalCheckFailedException" });
    expect((await read("lock"))?.["generation"]).toEqual({ N: "1" });
  });

  it("counts up atomically under many writers at once", async () => {
    const add = () =>
      client.send(
        new UpdateItemCommand({
          TableName,
          Key: key("counter"),
          UpdateExpression: "ADD generation :one",
          ExpressionAttributeValues: { ":one": { N: "1" } },
        }),
      );

    await Promise.all(Array.from({ length: 20 }, add));

    expect((await read("counter"))?.["generation"]).toEqual({ N: "20" });
  });

  it("keeps binary and nested values as they were sent", async () => {
    const Item = {
      ...key("shapes"),
      bytes: { B: new Uint8Array([0, 255, 7]) },
      map: { M: { list: { L: [{ BOOL: true }, { NULL: true }] } } },
    };

    await client.send(new PutItemCommand({ TableName, Item }));

    const found = await client.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: "pk = :pk AND sk = :sk",
        ExpressionAttributeValues: { ":pk": { S: "lab" }, ":sk": { S: "shapes" } },
      }),
    );
    expect(found.Items).toEqual([Item]);
  });

  it("does all of a transaction or none of it, and says which part failed", async () => {
    await client.send(new PutItemCommand({ TableName, Item: { ...key("held"), by: { S: "run-1" } } }));

    const transaction = client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName, Item: { ...key("new"), by: { S: "run-2" } } } },
          {
            ConditionCheck: {
              TableName,
              Key: key("absent"),
              ConditionExpression: "attribute_not_exists(pk)",
            },
          },
          {
            Update: {
              TableName,
              Key: key("held"),
              UpdateExpression: "SET #by = :me",
              ConditionExpression: "#by = :me",
              ExpressionAttributeNames: { "#by": "by" },
              ExpressionAttributeValues: { ":me": { S: "run-2" } },
            },
          },
        ],
      }),
    );

    await expect(transaction).rejects.toMatchObject({
      name: "TransactionCanceledException",
      CancellationReasons: [{ Code: "None" }, { Code: "None" }, { Code: "ConditionalCheckFailed" }],
    });
    expect(await read("new")).toBeUndefined();
    expect(await read("absent")).toBeUndefined();
    expect((await read("held"))?.["by"]).toEqual({ S: "run-1" });
  });

  it("does a transaction once when its token comes twice", async () => {
    const request = new TransactWriteItemsCommand({
      ClientRequestToken: "one-token",
      TransactItems: [
        {
          Update: {
            TableName,
            Key: key("once"),
            UpdateExpression: "ADD times :one",
            ExpressionAttributeValues: { ":one": { N: "1" } },
          },
        },
      ],
    });

    await client.send(request);
    await client.send(request);

    expect((await read("once"))?.["times"]).toEqual({ N: "1" });
  });

  it("answers the settings of point-in-time recovery and time to live as they were set", async () => {
    await client.send(
      new UpdateContinuousBackupsCommand({
        TableName,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
    await client.send(
      new UpdateTimeToLiveCommand({
        TableName,
        TimeToLiveSpecification: { Enabled: true, AttributeName: "expires" },
      }),
    );

    const backups = await client.send(new DescribeContinuousBackupsCommand({ TableName }));
    const ttl = await client.send(new DescribeTimeToLiveCommand({ TableName }));

    expect(
      backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus,
    ).toBe("ENABLED");
    expect(ttl.TimeToLiveDescription).toEqual({ TimeToLiveStatus: "ENABLED", AttributeName: "expires" });
  });

  it("says ResourceNotFoundException for a table that is not there", async () => {
    const missing = client.send(new DescribeTableCommand({ TableName: "none" }));

    await expect(missing).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("lets a role touch only the leading keys its policy names", async () => {
    const role = await test.as("leading-keys", [
      {
        Effect: "Allow",
        Action: "dynamodb:PutItem",
        Resource: test.world.arn("dynamodb", "table/runs"),
        Condition: {
          "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["mine"] },
          Null: { "dynamodb:LeadingKeys": "false" },
        },
      },
    ]);
    const limited = new DynamoDBClient(role);
    const put = (pk: string) =>
      limited.send(new PutItemCommand({ TableName, Item: { pk: { S: pk }, sk: { S: "x" } } }));

    await put("mine");

    await expect(put("theirs")).rejects.toMatchObject({ name: "AccessDeniedException" });
  });
});
