import { describe, expect, it } from "vitest";
import { throughKeys } from "../../lib/keys.ts";

const KEY = "arn:aws:kms:us-east-1:123456789012:key/orders";
const may = (...actions: string[]) => [{ actions, resources: ["*"] }];
const via = (service: string) => ({
  StringEquals: { "kms:ViaService": `${service}.us-east-1.amazonaws.com` },
});
const through = (...actions: string[]) => throughKeys(may(...actions), [KEY], "us-east-1");

describe("customer managed keys", () => {
  it("are used only through the service that a role calls, and only as that call needs", () => {
    expect(through("secretsmanager:GetSecretValue")).toEqual([
      { actions: ["kms:Decrypt"], resources: [KEY], conditions: via("secretsmanager") },
    ]);
    expect(through("s3:GetObjectVersion", "s3:PutObject")).toEqual([
      { actions: ["kms:Decrypt"], resources: [KEY], conditions: via("s3") },
      { actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [KEY], conditions: via("s3") },
    ]);
  });

  it("are handed on to RDS for a copy, by a grant for AWS itself and no other", () => {
    expect(through("rds:RestoreDBInstanceToPointInTime")).toEqual([
      { actions: ["kms:DescribeKey"], resources: [KEY], conditions: via("rds") },
      {
        actions: ["kms:CreateGrant"],
        resources: [KEY],
        conditions: { ...via("rds"), Bool: { "kms:GrantIsForAWSResource": "true" } },
      },
    ]);
  });

  it("of secure strings are for who writes them: a reader decrypts none", () => {
    expect(through("ssm:GetParameter", "ssm:GetParameterHistory")).toEqual([]);
    expect(through("ssm:PutParameter")[0]!.actions).toContain("kms:Decrypt");
  });

  it("are nothing to a role that reaches no data, and to a plan that names none", () => {
    expect(through("rds:DescribeDBInstances", "secretsmanager:DescribeSecret", "route53:GetChange")).toEqual(
      [],
    );
    expect(throughKeys(may("s3:PutObject"), [], "us-east-1")).toEqual([]);
  });
});
