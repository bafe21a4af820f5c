import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DeploymentDetail, deployments, recordDeployment } from "../../../lambdas/runtime/deployments.ts";
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
});
