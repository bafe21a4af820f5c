import { chmodSync } from "node:fs";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { fits, measure } from "../../../lambdas/checks/sql-check/handler.ts";
import { sqlCheck } from "../../../lambdas/checks/sql-check/spec.ts";
import { ec2 } from "../../../sandbox/services/ec2/index.ts";
import { rds } from "../../../sandbox/services/rds/index.ts";
import { connectionOf, instanceNamed } from "../../../sandbox/services/rds/state.ts";
import { secretsmanager } from "../../../sandbox/services/secretsmanager/index.ts";
import { openWorld, type TestWorld } from "../../sandbox/front/harness.ts";
import { lambdaEnvironment } from "../environment.ts";
import { trust } from "./trust.ts";

describe("fits", () => {
  it.each([
    ["12", "= 12"],
    ["12.0", "= 12"],
    [12, ">= 12"],
    ["100000", "> 99999"],
    ["-1", "< 0"],
    ["active", "= active"],
    [true, "= true"],
  ])("%j fits %j", (value, expect_) => expect(fits(value, expect_)).toBe(true));

  it.each([
    ["11", "= 12"],
    ["9", "> 10"], // numbers, not texts
    [null, "= 0"],
    [null, ">= 0"],
    ["", "= 0"],
    ["", ">= 0"],
    [false, "= 0"],
    [false, ">= 0"],
    [new Date(0), "= 0"],
    [[], "= 0"],
    ["abc", "> 1"],
    ["NaN", ">= 0"],
    ["12 rows", "= 12"],
  ])("%j does not fit %j", (value, expect_) => expect(fits(value, expect_)).toBe(false));

  it("compares numbers as numbers, in both directions", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (value, limit) => {
        expect(fits(String(value), `> ${limit}`)).toBe(value > limit);
        expect(fits(String(value), `<= ${limit}`)).toBe(value <= limit);
        expect(fits(value, `= ${limit}`)).toBe(value === limit);
      }),
    );
  });
});

describe("a query on a real database", () => {
  let test: TestWorld;
  const PASSWORD = "canary-password";
  let login: { host: string; port: number };
  /** The query as it is given: that a plan's input would refuse some does not make the transaction any less safe. */
  const check = (query: string, expect_: string, more: object = {}) =>
    measure({
      ...sqlCheck.input.parse({
        ...login,
        database: "postgres",
        secret: "lab/database",
        query: "SELECT 1",
        expect: expect_,
        ...more,
      }),
      query,
    });

  beforeAll(async () => {
    test = await openWorld([ec2, rds, secretsmanager]);
    lambdaEnvironment(test);
    chmodSync(test.world.root, 0o755); // PostgreSQL runs as another user when the tests run as root
    await test.world.call({
      service: "rds",
      operation: "CreateDBInstance",
      principal: { type: "admin" },
      input: {
        DBInstanceIdentifier: "lab",
        Engine: "postgres",
        DBInstanceClass: "db.t3.micro",
        AllocatedStorage: 20,
        BackupRetentionPeriod: 0,
        MasterUsername: "lab",
        MasterUserPassword: PASSWORD,
      },
    });
    const secrets = new SecretsManagerClient(test.admin);
    for (const [Name, password] of [
      ["lab/database", PASSWORD],
      ["lab/wrong", "not-it"],
    ] as const)
      await secrets.send(
        new CreateSecretCommand({ Name, SecretString: JSON.stringify({ username: "lab", password }) }),
      );
    await vi.waitUntil(() => instanceNamed(test.world, "lab").status === "available", { timeout: 30_000 });
    await instanceNamed(test.world, "lab").cluster.query(
      "CREATE TABLE rows AS SELECT generate_series(1, 3) AS n; ALTER TABLE rows OWNER TO lab",
    );
    const { host, port, caFile } = connectionOf(test.world, "lab");
    login = { host, port };
    // Whose certificate nobody vouches for is not asked.
    expect(await check("SELECT 1", "= 1")).toMatchObject({ verdict: "failed", value: "no answer" });
    trust(caFile);
  });
  afterAll(() => test.close());

  it("passes on what it should find and fails on anything else", async () => {
    expect(await check("SELECT count(*) FROM rows", "= 3")).toMatchObject({ verdict: "passed", value: "3" });
    expect(await check("SELECT count(*) FROM rows", "> 3")).toMatchObject({ verdict: "failed", value: "3" });
  });

  it("that gives no row measured nothing: inconclusive", async () => {
    const found = await check("SELECT n FROM rows WHERE n > 100", ">= 0");

    expect(found).toMatchObject({ verdict: "inconclusive" });
    expect(found).not.toHaveProperty("value");
  });

  it("that gives NULL does not pass", async () => {
    expect((await check("SELECT max(n) FROM rows WHERE n > 100", ">= 0")).verdict).not.toBe("passed");
  });

  it.each([
    "DELETE FROM rows RETURNING n",
    "WITH gone AS (DELETE FROM rows RETURNING n) SELECT count(*) FROM gone",
    "COMMIT; DELETE FROM rows",
    "SET TRANSACTION READ WRITE; DELETE FROM rows RETURNING 1",
  ])("changes nothing: %s", async (query) => {
    expect((await check(query, ">= 0")).verdict).not.toBe("passed");

    expect(await check("SELECT count(*) FROM rows", "= 3")).toMatchObject({ verdict: "passed" });
  });

  it("that takes too long is ended in time", async () => {
    const begun = performance.now();

    const found = await check("SELECT 1 FROM pg_sleep(30)", "= 1", { timeoutSeconds: 1 });

    expect(found).toMatchObject({
      verdict: "failed",
      evidence: expect.arrayContaining([expect.stringContaining("timeout")]),
    });
    expect(performance.now() - begun).toBeLessThan(8_000);
  });

  it("fails with a password that is refused, a table that is not there, and nobody listening", async () => {
    for (const found of [
      await check("SELECT 1", "= 1", { secret: "lab/wrong" }),
      await check("SELECT 1 FROM nowhere", "= 1"),
      await check("SELECT 1", "= 1", { port: 1 }),
    ])
      expect(found).toMatchObject({ verdict: "failed", value: "no answer" });
  });

  it("whose secret cannot be read is an error of the check", async () => {
    await expect(check("SELECT 1", "= 1", { secret: "lab/nowhere" })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });

  it("says where and what it asked, and never the password", async () => {
    const found = [await check("SELECT 1", "= 1"), await check("SELECT 1", "= 1", { secret: "lab/wrong" })];

    expect(found[0]!.evidence).toEqual([`postgres at ${login.host}:${login.port}`, "SELECT 1"]);
    expect(JSON.stringify(found)).not.toMatch(/canary-password|not-it/);
  });
});
