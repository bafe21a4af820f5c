import { type DynamoDBClient, PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { recordEnd, recordStart, runsSince } from "../../../lambdas/runtime/history.ts";
import {
  endLock,
  frozenUntil,
  giveBackClaim,
  mayChange,
  readLock,
  takeLock,
} from "../../../lambdas/runtime/lock.ts";
import type { RunContext } from "../../../lambdas/runtime/protocol.ts";
import { dynamodb } from "../../../sandbox/services/dynamodb/index.ts";
import { openWorld, type TestWorld } from "../../sandbox/front/harness.ts";
import { lambdaEnvironment } from "../environment.ts";
import { openTable, TABLE } from "../table.ts";

const NOW = Date.parse("2026-01-08T10:00:00Z");
let test: TestWorld;
let client: DynamoDBClient;
let service: string;
let count = 0;

beforeAll(async () => {
  test = await openWorld([dynamodb]);
  lambdaEnvironment(test);
  client = await openTable(test);
});
afterAll(() => test.close());
beforeEach(() => {
  service = `service-${++count}`;
});

const take = (run: string, state: "claimed" | "running" = "claimed", at = NOW) =>
  takeLock(TABLE, service, run, state, at);
const run = (id: string, generation = 1, more: Partial<RunContext> = {}): RunContext => ({
  id,
  service,
  generation,
  startedAt: new Date(NOW).toISOString(),
  dryRun: false,
  reason: "a test",
  trigger: { type: "manual", by: "a test" },
  plan: "0123456789abcdef",
  ...more,
});
const freeze = (until: string) =>
  client.send(
    new PutItemCommand({
      TableName: TABLE,
      Item: { pk: { S: `service#${service}` }, sk: { S: "FREEZE" }, until: { S: until }, by: { S: "Ada" } },
    }),
  );

describe("takeLock", () => {
  it("lets exactly one of twenty takers at the same moment have it", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => take(`run-${index}`)));

    const winners = answers.filter(({ taken }) => taken);
    expect(winners).toHaveLength(1);
    expect(await readLock(TABLE, service)).toEqual(winners[0]!.lock);
    for (const { taken, lock } of answers) if (!taken) expect(lock.runId).toBe(winners[0]!.lock.runId);
  });

  it("gives its holder the same generation when it asks again, and then as running", async () => {
    await take("run-1");

    expect(await take("run-1")).toMatchObject({ taken: true, lock: { generation: 1, state: "claimed" } });
    expect(await take("run-1", "running")).toMatchObject({
      taken: true,
      lock: { generation: 1, state: "running" },
    });
  });

  it("takes over a claim whose run did not start within 600 seconds, with the next generation; not earlier", async () => {
    await take("run-1");

    const early = await take("run-2", "claimed", NOW + 600_000);
    const late = await take("run-2", "claimed", NOW + 600_001);

    expect(early).toMatchObject({ taken: false, lock: { runId: "run-1", generation: 1 } });
    expect(late).toMatchObject({ taken: true, lock: { runId: "run-2", generation: 2 } });
  });

  it("never takes over a running lock, however old it is", async () => {
    await take("run-1", "running");

    expect(await take("run-2", "claimed", NOW + 30 * 86_400_000)).toMatchObject({ taken: false });
  });

  it("takes a lock that was given back, with the next generation, also for the run that had it", async () => {
    await take("run-1", "running");
    await endLock(TABLE, run("run-1"), "free", NOW);

    expect(await take("run-2")).toMatchObject({ taken: true, lock: { generation: 2 } });
    await endLock(TABLE, run("run-2", 2), "free", NOW);
    expect(await take("run-2", "running")).toMatchObject({ taken: true, lock: { generation: 3 } });
  });

  it("claims nothing for a run that runs or has run: its event was delivered once more", async () => {
    await take("run-1", "running");
    const running = await readLock(TABLE, service);

    expect(await take("run-1", "claimed", NOW + 1_000)).toEqual({ taken: false, lock: running });
    await endLock(TABLE, run("run-1"), "free", NOW);
    expect(await take("run-1", "claimed", NOW + 2_000)).toMatchObject({
      taken: false,
      lock: { state: "free" },
    });
    expect(await take("run-2", "claimed", NOW + 3_000)).toMatchObject({ taken: true });
  });

  it("is refused on a kept lock to everybody, its own run included, until a person frees it", async () => {
    await take("run-1", "running");
    await endLock(TABLE, run("run-1"), "kept", NOW);

    expect(await take("run-2", "claimed", NOW + 86_400_000)).toMatchObject({
      taken: false,
      lock: { state: "kept", runId: "run-1" },
    });
    expect(await take("run-1", "running")).toMatchObject({ taken: false });

    await client.send(
      new UpdateItemCommand({
        TableName: TABLE,
        Key: { pk: { S: `service#${service}` }, sk: { S: "LOCK" } },
        UpdateExpression: "SET #state = :free",
        ExpressionAttributeNames: { "#state": "state" },
        ExpressionAttributeValues: { ":free": { S: "free" } },
      }),
    );
    expect(await take("run-2")).toMatchObject({ taken: true, lock: { generation: 2 } });
  });
});

describe("giveBackClaim", () => {
  it("frees what the run claimed, and neither a running lock nor another's claim", async () => {
    await take("run-1");
    await giveBackClaim(TABLE, service, "run-2", NOW);
    expect(await readLock(TABLE, service)).toMatchObject({ runId: "run-1", state: "claimed" });

    await giveBackClaim(TABLE, service, "run-1", NOW);
    expect(await readLock(TABLE, service)).toMatchObject({ state: "free" });

    await take("run-3", "running");
    await giveBackClaim(TABLE, service, "run-3", NOW);
    expect(await readLock(TABLE, service)).toMatchObject({ runId: "run-3", state: "running" });
  });
});

describe("endLock", () => {
  it("leaves a lock alone that another run or generation holds", async () => {
    await take("run-1");
    await take("run-2", "claimed", NOW + 700_000);

    expect(await endLock(TABLE, run("run-1", 1), "free", NOW)).toBe(false);
    expect(await endLock(TABLE, run("run-2", 1), "free", NOW)).toBe(false);
    expect(await readLock(TABLE, service)).toMatchObject({ runId: "run-2", state: "claimed" });
    expect(await endLock(TABLE, run("run-2", 2), "free", NOW)).toBe(true);
  });

  it("keeps what a run took that never heard of it: its Admit died between taking and answering", async () => {
    const unknowing = (id: string) => run(id, -1);
    await take("run-1", "running");

    expect(await endLock(TABLE, unknowing("run-2"), "kept", NOW)).toBe(false);
    expect(await endLock(TABLE, unknowing("run-1"), "kept", NOW)).toBe(true);
    expect(await readLock(TABLE, service)).toMatchObject({ runId: "run-1", state: "kept", generation: 1 });
  });

  it("leaves a claim to the next alarm whose run never got as far as taking it", async () => {
    await take("run-1");

    expect(await endLock(TABLE, run("run-1", -1), "kept", NOW)).toBe(false);
    expect(await readLock(TABLE, service)).toMatchObject({ runId: "run-1", state: "claimed" });
  });
});

describe("mayChange", () => {
  it("lets the holder change something, and nobody else: not an older generation, another run, or without a lock", async () => {
    const stale = { name: "StaleGeneration" };
    await expect(mayChange(TABLE, run("run-1"), NOW)).rejects.toMatchObject(stale);
    await take("run-1");
    await expect(mayChange(TABLE, run("run-1"), NOW)).resolves.toBeUndefined();
    await take("run-2", "claimed", NOW + 700_000);

    await expect(mayChange(TABLE, run("run-1", 1), NOW)).rejects.toMatchObject(stale);
    await expect(mayChange(TABLE, run("run-1", 2), NOW)).rejects.toMatchObject(stale);
    await expect(mayChange(TABLE, run("run-2", 1), NOW)).rejects.toMatchObject(stale);
    await expect(mayChange(TABLE, run("run-2", 2), NOW)).resolves.toBeUndefined();
  });

  it("stops at a freeze until its time, and says who, until when, and what to do", async () => {
    await take("run-1");
    await freeze("2026-01-08T11:00:00.000Z");

    await expect(mayChange(TABLE, run("run-1"), NOW)).rejects.toMatchObject({
      name: "Frozen",
      message: expect.stringMatching(
        /^Ada froze .* until 2026-01-08T11:00:00.000Z\. This step changed nothing\. Lift the freeze/,
      ),
    });
    expect(await frozenUntil(TABLE, service, NOW + 3_599_999)).toEqual({
      by: "Ada",
      until: "2026-01-08T11:00:00.000Z",
    });
    expect(await frozenUntil(TABLE, service, NOW + 3_600_000)).toBeUndefined();
    await expect(mayChange(TABLE, run("run-1"), NOW + 3_600_000)).resolves.toBeUndefined();
  });

  it("stops at a freeze whose end cannot be read: it holds until a person lifts it", async () => {
    await take("run-1");
    await freeze("until Ada is back");

    await expect(mayChange(TABLE, run("run-1"), NOW)).rejects.toMatchObject({ name: "Frozen" });
  });
});

describe("the history", () => {
  it("keeps a run's first beginning and first end, and counts neither dry runs nor joins", async () => {
    await recordStart(TABLE, run("run-1"));
    await recordStart(TABLE, run("run-1", 1, { startedAt: "2027-01-01T00:00:00.000Z" }));
    await recordEnd(TABLE, run("run-1"), "failed", NOW + 1_000);
    await recordEnd(TABLE, run("run-1"), "succeeded", NOW + 2_000);
    await recordStart(TABLE, run("run-2", 2, { dryRun: true }));
    await client.send(
      new PutItemCommand({
        TableName: TABLE,
        Item: { pk: { S: `service#${service}` }, sk: { S: "RUN#run-1#JOINED#x" }, text: { S: "rang again" } },
      }),
    );

    expect(await runsSince(TABLE, service, NOW)).toEqual([
      {
        id: "run-1",
        startedAt: "2026-01-08T10:00:00.000Z",
        endedAt: "2026-01-08T10:00:01.000Z",
        ending: "failed",
        outcome: "failed",
      },
    ]);
    expect(await runsSince(TABLE, service, NOW + 1)).toEqual([]);
  });

  it("counts every run, also beyond the first megabyte of rows", async () => {
    await recordStart(TABLE, run("zz-last"));
    const text = { S: "x".repeat(300_000) };
    for (const index of [1, 2, 3, 4])
      await client.send(
        new PutItemCommand({
          TableName: TABLE,
          Item: { pk: { S: `service#${service}` }, sk: { S: `RUN#a#JOINED#${index}` }, text },
        }),
      );

    expect(await runsSince(TABLE, service, NOW)).toMatchObject([{ id: "zz-last" }]);
  });
});
