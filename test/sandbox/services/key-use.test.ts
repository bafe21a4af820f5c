import {
  CreateSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Permission } from "../../../lambdas/runtime/spec.ts";
import { throughKeys } from "../../../lib/keys.ts";
import type { Call } from "../../../sandbox/service.ts";
import { RestoreDBInstanceToPointInTime } from "../../../sandbox/services/rds/RestoreDBInstanceToPointInTime.ts";
import { type Instance, rdsState } from "../../../sandbox/services/rds/state.ts";
import { secretsmanager } from "../../../sandbox/services/secretsmanager/index.ts";
import { openWorld, type TestWorld } from "../front/harness.ts";

const KEY = "arn:aws:kms:us-east-1:123456789012:key/orders";
const OTHER = "arn:aws:kms:us-east-1:123456789012:key/other";
const PERMISSIONS: Permission[] = [{ actions: ["secretsmanager:GetSecretValue"], resources: ["*"] }];
const statements = (keys: string[]) =>
  [...PERMISSIONS, ...throughKeys(PERMISSIONS, keys, "us-east-1")].map(
    ({ actions, resources, conditions }) => ({
      Effect: "Allow",
      Action: actions,
      Resource: resources,
      Condition: conditions,
    }),
  );

let test: TestWorld;
beforeAll(async () => {
  test = await openWorld([secretsmanager]);
  const secrets = new SecretsManagerClient(test.admin);
  await secrets.send(new CreateSecretCommand({ Name: "own-key", SecretString: "{}", KmsKeyId: KEY }));
  await secrets.send(new CreateSecretCommand({ Name: "aws-key", SecretString: "{}" }));
});
afterAll(() => test.close());

describe("what is encrypted with a customer managed key", () => {
  const read = async (SecretId: string, keys: string[], role: string) =>
    new SecretsManagerClient(await test.as(role, statements(keys))).send(
      new GetSecretValueCommand({ SecretId }),
    );

  it("is read by a role that may use the key through the service", async () => {
    expect((await read("own-key", [KEY], "with-key")).SecretString).toBe("{}");
  });

  it.each([
    ["no key", "no-key", []],
    ["another key", "other-key", [OTHER]],
  ])("is not read by a role with %s, which is told what it lacks", async (_, role, keys) => {
    await expect(read("own-key", keys, role)).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining("kms:Decrypt"),
    });
  });

  it("and what is encrypted with AWS's own key is read without", async () => {
    expect((await read("aws-key", [], "plain")).SecretString).toBe("{}");
  });

  it.each([
    [KEY, ["kms:DescribeKey", "kms:CreateGrant"]],
    ["arn:aws:kms:us-east-1:123456789012:key/aws-rds", []],
  ])("a database under %s is restored with %j", (KmsKeyId, needed) => {
    rdsState(test.world).instances.set("orders", { settings: { KmsKeyId } } as unknown as Instance);

    const asked = RestoreDBInstanceToPointInTime.authorize(
      { SourceDBInstanceIdentifier: "orders", TargetDBInstanceIdentifier: "orders-r-1" },
      { world: test.world } as Call,
    );

    expect(asked.filter(({ action }) => action.startsWith("kms:")).map(({ action }) => action)).toEqual(
      needed,
    );
    rdsState(test.world).instances.delete("orders");
  });
});
