import type { DBInstance } from "@aws-sdk/client-rds";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { verbs } from "../../../../lambdas/actions/rds-last-good/handler.ts";
import { instanceNamed } from "../../../../sandbox/services/rds/state.ts";
import { type DatabaseWorld, databaseWorld, INSTANCE, SECRET, stepOf } from "../database-world.ts";

let here: DatabaseWorld;
/** Sandbox time before anything was damaged, and when the damage was committed. */
let good: number;
let damagedAt: number;

beforeAll(async () => {
  here = await databaseWorld({ retentionDays: 1 });
  const { clock } = here.test.world;
  await here.query(
    "CREATE TABLE orders (id int PRIMARY KEY, total int NOT NULL); INSERT INTO orders VALUES (0, 1)",
  );
  const wait = (seconds: number) => clock.sleep(seconds * 1000);
  await wait(3);
  good = Math.ceil(clock.now() / 1000) * 1000;
  for (let id = 1; id <= 4; id += 1) {
    await wait(6);
    await here.query(`INSERT INTO orders VALUES (${id}, 1)`);
  }
  // PostgreSQL's own clock says when it was done.
  const [row] = await here.query<{ at: number }>(
    "UPDATE orders SET total = -1 WHERE id = 2 RETURNING extract(epoch FROM clock_timestamp())::float8 * 1000 AS at",
  );
  damagedAt = clock.fromMachine(row!.at);
  for (let id = 5; id <= 7; id += 1) {
    await wait(6);
    await here.query(`INSERT INTO orders VALUES (${id}, 1)`);
  }
  const until = clock.now();
  await vi.waitUntil(() => (instanceNamed(here.test.world, INSTANCE).restorableUntil ?? 0) > until, {
    timeout: 30_000,
  });
}, 90_000);
afterAll(() => here.close());

const lastGood = (more: object = {}) => {
  const step = stepOf("rds-last-good", verbs, {
    instance: INSTANCE,
    database: "lab",
    secret: SECRET,
    integrity: "SELECT NOT EXISTS (SELECT FROM orders WHERE total < 0)",
    knownGood: new Date(good).toISOString(),
    ...more,
  });
  const { clock } = here.test.world;
  Object.assign(step.context, {
    now: () => clock.now(),
    sleep: (milliseconds: number) => clock.sleep(milliseconds),
  });
  return step;
};

describe("rds-last-good", () => {
  it("finds the second before the damage, and restores that", async () => {
    const step = lastGood();
    const { before, evidence } = await step.preflight();
    const seconds = (before.bad - before.good) / 1000;

    const done = await step.apply();

    const outputs = done.outputs as { instance: string; restoreTime: string; candidates: string[] };
    const found = Date.parse(outputs.restoreTime);
    expect(found).toBeLessThan(damagedAt);
    expect(found + 1000).toBeGreaterThanOrEqual(damagedAt - 20);
    expect(await here.query("SELECT min(total) AS least FROM orders", "lab", outputs.instance)).toEqual([
      { least: 1 },
    ]);
    // Bounded, as it was stated before anything was made; and nothing of it is deleted.
    expect(outputs.candidates.length + 1).toBeLessThanOrEqual(Math.log2(seconds) + 2);
    expect(evidence?.join()).toContain(`up to ${before.most} restores`);
    const { DBInstances } = await here.call<{ DBInstances: DBInstance[] }>("rds", "DescribeDBInstances", {});
    expect(DBInstances.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier).toSorted()).toEqual(
      [INSTANCE, outputs.instance, ...outputs.candidates].toSorted(),
    );
  }, 120_000);

  it("is refused where the data is well, and where the query says nothing", async () => {
    await expect(lastGood({ integrity: "SELECT true" }).preflight()).rejects.toMatchObject({
      name: "Refusal",
      message: expect.stringContaining("there is no damage"),
    });
    await expect(lastGood({ integrity: "SELECT 1" }).preflight()).rejects.toMatchObject({
      name: "WorkFailed",
    });
  });

  it("is refused for a moment that RDS does not hold, or a window that needs too many restores", async () => {
    await expect(
      lastGood({ knownGood: new Date(good - 3_600_000).toISOString() }).preflight(),
    ).rejects.toMatchObject({ name: "RestoreTimeOutOfRange" });
    await expect(
      lastGood({ knownBad: new Date(good - 1000).toISOString() }).preflight(),
    ).rejects.toMatchObject({ name: "Refusal" });
  });
});
