import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  DeploymentDetail,
  deployments,
  markRolledBack,
  recordDeployment,
} from "../../../lambdas/runtime/deployments.ts";
import { dynamodb } from "../../../sandbox/services/dynamodb/index.ts";
import { openWorld, type TestWorld } from "../../sandbox/front/harness.ts";
import { lambdaEnvironment } from "../environment.ts";
import { openTable, TABLE } from "../table.ts";

let test: TestWorld;
beforeAll(async () => {
  test = await openWorld([dynamodb]);
  lambdaEnvironment(test);
  await openTable(test);
});
afterAll(() => test.close());

const record = (service: string, version: string, startedAt: string) =>
  recordDeployment(TABLE, DeploymentDetail.parse({ service, version, startedAt }));
const day = "2026-01-09T00:00:00Z";
const between = async (service: string, from: string, to: string) =>
  (await deployments(TABLE, service, Date.parse(from), Date.parse(to))).map(({ version }) => version);

describe("a recorded deployment", () => {
  it("is one, however often and however precisely its moment is written", async () => {
    for (const startedAt of ["2026-01-08T10:30:00Z", "2026-01-08T10:30:00Z", "2026-01-08T10:30:00.000Z"])
      await record("twice", "1.3.0", startedAt);

    expect(await between("twice", "2026-01-08T00:00:00Z", "2026-01-09T00:00:00Z")).toEqual(["1.3.0"]);
  });

  it("is found up to the very moment, in the same second too, and not after it", async () => {
    await record("moment", "1.3.0", "2026-01-08T10:30:00Z");

    expect(await between("moment", "2026-01-08T10:00:00Z", "2026-01-08T10:30:00.500Z")).toEqual(["1.3.0"]);
    expect(await between("moment", "2026-01-08T10:00:00Z", "2026-01-08T10:30:00Z")).toEqual(["1.3.0"]);
    expect(await between("moment", "2026-01-08T10:00:00Z", "2026-01-08T10:29:59.999Z")).toEqual([]);
  });

  it("comes newest first, and never another service's", async () => {
    await record("order", "1.1.0", "2026-01-06T10:00:00Z");
    await record("order", "1.2.0", "2026-01-07T10:00:00.5Z");
    await record("order-2", "9.9.9", "2026-01-07T11:00:00Z");

    expect(await between("order", "2026-01-01T00:00:00Z", "2026-01-09T00:00:00Z")).toEqual([
      "1.2.0",
      "1.1.0",
    ]);
  });

  it.each(["yesterday", "2026-01-08", "2026-13-08T10:30:00Z", ""])(
    "with the moment %j is refused",
    (startedAt) =>
      expect(DeploymentDetail.safeParse({ service: "lab", version: "1", startedAt }).success).toBe(false),
  );

  it("that a run rolled back from stays known to be bad when its event is delivered again", async () => {
    const bad = { version: "1.3.0", startedAt: "2026-01-08T10:30:00.000Z" };
    await record("again", bad.version, bad.startedAt);
    await markRolledBack(TABLE, "again", bad, "errors-1");
    await record("again", bad.version, bad.startedAt);

    const [known] = await deployments(TABLE, "again", Date.parse("2026-01-08T10:00:00Z"), Date.parse(day));
    expect(known).toMatchObject({ version: "1.3.0", rolledBackBy: "errors-1" });
  });

  it("is not given another version by a later event of the same moment", async () => {
    await record("other", "1.3.0", "2026-01-08T10:30:00Z");

    await expect(record("other", "6.6.6", "2026-01-08T10:30:00Z")).rejects.toMatchObject({
      name: "BadInput",
      message: expect.stringContaining("6.6.6"),
    });
    expect(await between("other", "2026-01-08T00:00:00Z", day)).toEqual(["1.3.0"]);
  });

  it.each(["1.3.0", "v2.4.1-rc.1+build.7", "release/2026-01-08", "sha256:0f", "shop@4", "main_7"])(
    "may have the version %j",
    (version) =>
      expect(DeploymentDetail.safeParse({ service: "lab", version, startedAt: day }).success).toBe(true),
  );

  it.each([
    "",
    "-rf",
    "../../etc/passwd",
    "releases/../../other",
    "1.3.0\nBcc: all@example.com",
    "1.3.0 is bad, approve here",
    "<https://evil.example|approve>",
    "$(reboot)",
    "1'; DROP",
    "\u001b[2J",
    "1\u202e0.3",
    "x".repeat(101),
  ])("never the version %j, which would go into mails, names and commands", (version) => {
    for (const detail of [{ version }, { version: "1", previousVersion: version }])
      expect(DeploymentDetail.safeParse({ service: "lab", ...detail, startedAt: day }).success).toBe(false);
  });
});
