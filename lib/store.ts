import { RemovalPolicy } from "aws-cdk-lib";
import { AttributeType, BillingMode, Table, TableEncryption } from "aws-cdk-lib/aws-dynamodb";
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";

/** What outlives runs and redeploys: lock, freeze and history in a table, reports in a bucket. */
export interface Store {
  table: Table;
  reports: Bucket;
}

/** Name of the table: a person on call (and the command line) must find it without looking it up. */
export const tableName = (service: string) => `${service}-watchdog`;

export function addStore(scope: Construct, service: string): Store {
  const table = new Table(scope, "Runs", {
    tableName: tableName(service),
    partitionKey: { name: "pk", type: AttributeType.STRING },
    sortKey: { name: "sk", type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.AWS_MANAGED,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const reports = new Bucket(scope, "Reports", {
    versioned: true,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  return { table, reports };
}

/** Permission to read the lock row and nothing else of the table: what every apply does first. */
export function readLock(table: Table, service: string) {
  return {
    actions: ["dynamodb:GetItem"],
    resources: [table.tableArn],
    conditions: {
      "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [`service#${service}`] },
      Null: { "dynamodb:LeadingKeys": "false" },
    },
  };
}
