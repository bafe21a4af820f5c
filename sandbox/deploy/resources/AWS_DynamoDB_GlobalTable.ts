import { type Made, type Properties, type ResourceContext, resourceType } from "../resource.ts";
import { dynamoDBTable } from "./AWS_DynamoDB_Table.ts";

/** What a replica carries that a plain table carries itself. */
const OF_REPLICA = ["PointInTimeRecoverySpecification", "DeletionProtectionEnabled", "TableClass", "Tags"];

/** The table of the stack's own region; replicas elsewhere are refused, the sandbox has one region. */
function asTable(properties: Properties, { world }: ResourceContext): Properties {
  const { Replicas, ...table } = properties;
  const replicas = (Replicas ?? []) as Properties[];
  const elsewhere = replicas.filter(({ Region }) => Region !== world.region).map(({ Region }) => Region);
  if (elsewhere.length > 0)
    throw new Error(
      `Replicas: the sandbox has one region, ${world.region}, and none in ${elsewhere.join(", ")}`,
    );
  const own = Object.entries(replicas[0] ?? {}).filter(([name]) => OF_REPLICA.includes(name));
  return {
    ...table,
    BillingMode: properties["BillingMode"] ?? "PAY_PER_REQUEST",
    ...Object.fromEntries(own),
  };
}

const withId = (made: Made): Made => ({
  ...made,
  attributes: { ...made.attributes, TableId: made.physicalId },
});

/** A table as the CDK's TableV2 writes it. */
export const dynamoDBGlobalTable = resourceType({
  uses: [
    "TableName",
    "AttributeDefinitions",
    "KeySchema",
    "BillingMode",
    "Replicas",
    "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes",
    "SSESpecification",
    "TimeToLiveSpecification",
  ],
  replacedBy: ["TableName", "KeySchema", "LocalSecondaryIndexes"],
  create: async (properties, context) =>
    withId(await dynamoDBTable.create(asTable(properties, context), context)),
  update: async (properties, context, before) =>
    dynamoDBTable.update!(asTable(properties, context), context, {
      made: before.made,
      properties: asTable(before.properties, context),
    }),
  delete: async (made, context, properties) => dynamoDBTable.delete!(made, context, properties),
});
