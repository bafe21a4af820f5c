import { isDeepStrictEqual } from "node:util";
import { notImplemented } from "../../world.ts";
import {
  boolean,
  defined,
  number,
  type Properties,
  type ResourceContext,
  resourceType,
} from "../resource.ts";

/** How often a table that is being made is looked at, sandbox milliseconds. */
const LOOK_MILLISECONDS = 200;

function throughput(given: unknown): object | undefined {
  if (given === undefined) return undefined;
  const { ReadCapacityUnits, WriteCapacityUnits } = given as Record<string, unknown>;
  return { ReadCapacityUnits: number(ReadCapacityUnits), WriteCapacityUnits: number(WriteCapacityUnits) };
}

function indexes(given: unknown): object[] | undefined {
  return (given as Record<string, unknown>[] | undefined)?.map(({ ProvisionedThroughput, ...index }) => ({
    ...index,
    ...defined({ ProvisionedThroughput: throughput(ProvisionedThroughput) }),
  }));
}

async function active(TableName: string, { call, world }: ResourceContext): Promise<void> {
  for (;;) {
    const { Table } = await call<{ Table: { TableStatus: string } }>("dynamodb", "DescribeTable", {
      TableName,
    });
    if (Table.TableStatus === "ACTIVE") return;
    await world.clock.sleep(LOOK_MILLISECONDS);
  }
}

/** What DynamoDB only takes once the table is there. */
async function setAfterwards(
  TableName: string,
  properties: Properties,
  before: Properties,
  { call }: ResourceContext,
): Promise<void> {
  const recovery = properties["PointInTimeRecoverySpecification"] as
    | { PointInTimeRecoveryEnabled?: unknown }
    | undefined;
  if (recovery && !isDeepStrictEqual(recovery, before["PointInTimeRecoverySpecification"]))
    await call("dynamodb", "UpdateContinuousBackups", {
      TableName,
      PointInTimeRecoverySpecification: {
        ...recovery,
        PointInTimeRecoveryEnabled: boolean(recovery.PointInTimeRecoveryEnabled),
      },
    });
  const expiry = properties["TimeToLiveSpecification"] as
    | { AttributeName?: string; Enabled?: unknown }
    | undefined;
  if (expiry && !isDeepStrictEqual(expiry, before["TimeToLiveSpecification"]))
    await call("dynamodb", "UpdateTimeToLive", {
      TableName,
      TimeToLiveSpecification: { ...expiry, Enabled: boolean(expiry.Enabled) },
    });
}

/** A table; its items survive every update. */
export const dynamoDBTable = resourceType({
  uses: [
    "TableName",
    "AttributeDefinitions",
    "KeySchema",
    "BillingMode",
    "ProvisionedThroughput",
    "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes",
    "SSESpecification",
    "PointInTimeRecoverySpecification",
    "TimeToLiveSpecification",
    "DeletionProtectionEnabled",
    "TableClass",
    "Tags",
  ],
  records: ["ContributorInsightsSpecification", "OnDemandThroughput", "WarmThroughput"],
  replacedBy: ["TableName", "KeySchema", "LocalSecondaryIndexes"],
  create: async (properties, context) => {
    const TableName = (properties["TableName"] as string | undefined) ?? context.physicalName(255);
    const encryption = properties["SSESpecification"] as
      | { SSEEnabled?: unknown; SSEType?: string; KMSMasterKeyId?: string }
      | undefined;
    const { TableDescription } = await context.call<{ TableDescription: { TableArn: string } }>(
      "dynamodb",
      "CreateTable",
      {
        TableName,
        ...defined({
          AttributeDefinitions: properties["AttributeDefinitions"],
          KeySchema: properties["KeySchema"],
          BillingMode: properties["BillingMode"] ?? "PROVISIONED",
          ProvisionedThroughput: throughput(properties["ProvisionedThroughput"]),
          GlobalSecondaryIndexes: indexes(properties["GlobalSecondaryIndexes"]),
          LocalSecondaryIndexes: properties["LocalSecondaryIndexes"],
          SSESpecification: encryption
            ? {
                Enabled: boolean(encryption.SSEEnabled),
                SSEType: encryption.SSEType,
                KMSMasterKeyId: encryption.KMSMasterKeyId,
              }
            : undefined,
          DeletionProtectionEnabled: boolean(properties["DeletionProtectionEnabled"]),
          TableClass: properties["TableClass"],
          Tags: properties["Tags"],
        }),
      },
    );
    await active(TableName, context);
    await setAfterwards(TableName, properties, {}, context);
    return { physicalId: TableName, attributes: { Arn: TableDescription.TableArn } };
  },
  update: async (properties, context, { made, properties: before }) => {
    const TableName = made.physicalId;
    const changed = (name: string) => !isDeepStrictEqual(properties[name], before[name]);
    if (changed("DeletionProtectionEnabled"))
      await context.call("dynamodb", "UpdateTable", {
        TableName,
        DeletionProtectionEnabled: boolean(properties["DeletionProtectionEnabled"]) ?? false,
      });
    if (changed("BillingMode") || changed("ProvisionedThroughput"))
      await context.call("dynamodb", "UpdateTable", {
        TableName,
        ...defined({
          BillingMode: properties["BillingMode"],
          ProvisionedThroughput: throughput(properties["ProvisionedThroughput"]),
        }),
      });
    for (const name of ["GlobalSecondaryIndexes", "SSESpecification", "TableClass", "AttributeDefinitions"])
      if (changed(name)) throw notImplemented("dynamodb", `a change of ${name}`);
    await setAfterwards(TableName, properties, before, context);
    return made;
  },
  delete: async ({ physicalId: TableName }, { call }) => {
    await call("dynamodb", "DeleteTable", { TableName });
  },
});
