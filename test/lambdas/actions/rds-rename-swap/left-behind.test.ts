import { expect, it } from "vitest";
import { leftBehind } from "../../../../lambdas/actions/rds-rename-swap/left-behind.ts";

it("what belongs to the old instance and not to its name is said before the swap", () => {
  const SecretArn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-1";

  const said = leftBehind({
    DbiResourceId: "db-OLD",
    ReadReplicaDBInstanceIdentifiers: ["lab-replica"],
    IAMDatabaseAuthenticationEnabled: true,
    MasterUserSecret: { SecretArn },
  });

  expect(said).toEqual([
    expect.stringContaining("lab-replica"),
    expect.stringContaining("db-OLD"),
    expect.stringContaining(SecretArn),
  ]);
  expect(leftBehind({ DbiResourceId: "db-OLD", ReadReplicaDBInstanceIdentifiers: [] })).toEqual([]);
});
