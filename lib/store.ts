import { RemovalPolicy } from "aws-cdk-lib";
import { AttributeType, BillingMode, Table, TableEncryption } from "aws-cdk-lib/aws-dynamodb";
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import type { Permission } from "../lambdas/runtime/spec.ts";
import { explain } from "./nag.ts";
import { tableName } from "./names.ts";

/** What outlives runs and redeploys: lock, freeze and history in a table, reports in a bucket. */
export interface Store {
  table: Table;
  reports: Bucket;
}

export function addStore(scope: Construct, service: string): Store {
  const table = new Table(scope, "Runs", {
    tableName: tableName(service),
    partitionKey: { name: "pk", type: AttributeType.STRING },
    sortKey: { name: "sk", type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.AWS_MANAGED,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    // Kept when the stack goes; a first deployment that fails leaves nothing, or the name would block the second.
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  const reports = new Bucket(scope, "Reports", {
    versioned: true,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  explain(reports, [
    {
      id: "AwsSolutions-S1",
      reason:
        "A log bucket for each plan would hold a few lines a year. Reports hold ids, no secrets; writes are one role's, " +
        "versioned and in CloudTrail's data events where an account records them.",
    },
  ]);
  return { table, reports };
}

/** Permission to read the service's lock and freeze and nothing else of the table: what every apply does first. */
export function readLock(table: Table, service: string): Permission {
  return partitionAccess(table, `service#${service}`, ["dynamodb:GetItem"]);
}

/** Permission to keep the service's lock, history and deployments; approvals and notices are other partitions. */
export const keepsRows = (table: Table, service: string): Permission =>
  partitionAccess(table, `service#${service}`, [
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:UpdateItem",
  ]);

/** Permission for some actions on one partition of the table. */
export function partitionAccess(table: Table, partition: string, actions: string[]): Permission {
  return {
    actions,
    resources: [table.tableArn],
    conditions: {
      "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [partition] },
      // ForAllValues passes when the request names no key at all.
      Null: { "dynamodb:LeadingKeys": "false" },
    },
  };
}
