import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exampleEvent } from "../../lambdas/messages/example.ts";
import type { LadderInput } from "../../lambdas/runtime/protocol.ts";
import { until } from "../../scenarios/until.ts";
import { type TellBench, tellBench } from "../tell/bench.ts";
import { watchdog } from "./command.ts";

const SERVICE = "llm-research-lab";
const MINUTE = 60_000;
const WHO = ["engineers", "manager", "dba", "vp", "cto"].map((name) => `${name}@shop.example`);

let bench: TellBench;
let states: SFNClient;
const arnOf = (machine: string) =>
  `arn:aws:states:${bench.sandbox.region}:${bench.sandbox.account}:stateMachine:${SERVICE}-${machine}`;

beforeAll(async () => {
  bench = await tellBench((plan) => {
    // Nothing rings by itself: runs are started by hand, and there is no database, so every one of them fails.
    for (const trigger of plan["triggers"] as Record<string, unknown>[])
      Object.assign(trigger, { decision: "notify", missing: "notBreaching" });
    plan["budget"] = { attempts: 1, perDay: 50, minimumDelay: "0s", eventAge: "15m" };
    plan["notify"] = { email: [WHO[0]], audiences: { stakeholders: { email: ["all@shop.example"] } } };
    plan["escalation"] = {
      rungs: ["0m", "5m", "10m", "15m", "20m"].map((after, index) => ({
        after,
        ...(index === 0 ? { audiences: ["engineers"] } : { email: [WHO[index]] }),
      })),
      repeat: { every: "5m", times: 1 },
    };
  });
  states = new SFNClient(bench.sandbox.clientConfig());
}, 120_000);
afterAll(() => bench?.close());

/** Starts a run by hand and waits for its end. */
async function failedRun(reason: string): Promise<string> {
  const { executionArn } = await states.send(
    new StartExecutionCommand({
      stateMachineArn: bench.outputs["StateMachineArn"],
      input: JSON.stringify({ reason }),
    }),
  );
  await ended(executionArn!);
  return executionArn!.split(":").at(-1)!;
}

async function ended(executionArn: string): Promise<{ status: string; output: string; error: string }> {
  const read = () => states.send(new DescribeExecutionCommand({ executionArn }));
  await until(`${executionArn} to end`, async () => (await read()).status !== "RUNNING", 60_000);
  const { status = "", output = "", error = "" } = await read();
  return { status, output, error };
}

/** The ladder of a run, as Step Functions lists it. */
async function ladderOf(run: string): Promise<string> {
  let found: string | undefined;
  await until(`the ladder of ${run}`, async () => {
    const { executions = [] } = await states.send(
      new ListExecutionsCommand({ stateMachineArn: arnOf("escalation") }),
    );
    found = executions.find(({ name }) => name?.startsWith(run))?.executionArn;
    return found !== undefined;
  });
  return found!;
}

const callsFor = (run: string) =>
  bench.mails().filter(({ subject, text }) => /ESCALATION/.test(subject) && text.includes(run));

/** Gives the lock of the failed run back, as a person does before the next. */
const release = () => watchdog(bench.sandbox, "release", SERVICE);

describe("a run that failed and that nobody looks at", () => {
  let run: string;
  let ladder: string;
  let acknowledged: Awaited<ReturnType<typeof watchdog>>;

  beforeAll(async () => {
    run = await failedRun("drill: nobody looks");
    ladder = await ladderOf(run);
    await until("the third rung", () => callsFor(run).length >= 3, 60_000);
    acknowledged = await watchdog(bench.sandbox, "ack", run, "--by", "alice");
    await ended(ladder);
  }, 120_000);

  it("is told to one after the other at the ladder's times", () => {
    const calls = callsFor(run);
    const minutes = calls.map(({ at }) => (at - calls[0]!.at) / MINUTE);

    expect(calls.map(({ to }) => to)).toEqual(WHO.slice(0, 3));
    expect(calls[0]!.subject).toBe("[llm-research-lab] ESCALATION 1 of 5: the rollback failed");
    // A machine second is a minute here: a rung may be that much late, and never early against its own clock.
    for (const [index, due] of [0, 5, 10].entries()) expect(Math.abs(minutes[index]! - due)).toBeLessThan(3);
  });

  it("is silent from the acknowledgement on", async () => {
    expect(acknowledged).toMatchObject({ code: 0, out: expect.stringContaining("alice has run") });
    expect(JSON.parse((await ended(ladder)).output)).toMatchObject({
      outcome: "over",
      note: expect.stringContaining("alice acknowledged"),
    });
    expect(callsFor(run)).toHaveLength(3);
  });

  it("tells each of them what happened and how to stop the ladder", () => {
    for (const { text } of callsFor(run)) {
      expect(text).toContain(`watchdog ack ${run} --service ${SERVICE}`);
      expect(text).toContain("Preflight: back up");
    }
  });

  it("may be acknowledged again: the first one stands", async () => {
    const again = await watchdog(bench.sandbox, "ack", run, "--service", SERVICE, "--by", "bob", "--json");

    expect(again.code).toBe(0);
    expect(JSON.parse(again.out)).toMatchObject({ run, by: "alice", already: true });
  });

  it("keeps the next one quiet that only says that attempts are used up: somebody is on it", async () => {
    await release();
    const next = await failedRun("drill: once more");

    const { output } = await ended(await ladderOf(next));
    expect(JSON.parse(output)).toMatchObject({ outcome: "over", note: expect.stringContaining("alice") });
    expect(callsFor(next)).toEqual([]);
    await until("the refusal's own mail", () =>
      bench.mailsTo(WHO[0]!).some(({ subject, text }) => /REFUSED/.test(subject) && text.includes(next)),
    );
  });
});

describe("a run that is not restored in time", () => {
  /** What the run's own state machine starts before its first change. */
  const begun = async (id: string) => {
    const startedAt = new Date(bench.sandbox.world.clock.now()).toISOString();
    const input: LadderInput = {
      cause: "not-restored",
      run: {
        id,
        service: SERVICE,
        startedAt,
        generation: 1,
        dryRun: false,
        reason: "drill",
        trigger: { type: "manual", by: "test" },
        plan: "0",
      },
      decision: null,
      changes: {},
      checks: [],
      watch: null,
      failure: null,
      reverts: [],
      report: null,
    };
    const { executionArn } = await states.send(
      new StartExecutionCommand({
        stateMachineArn: arnOf("escalation"),
        name: `${id}-not-restored`,
        input: JSON.stringify(input),
      }),
    );
    return { arn: executionArn!, startedAt: Date.parse(startedAt) };
  };

  it("calls people after a quarter of an hour, until nobody is left to call", async () => {
    const { arn, startedAt } = await begun("late-run");
    const restored = await begun("quick-run");
    const example = exampleEvent(SERVICE, "progress");
    await bench.announce({
      ...example,
      moment: "verified",
      run: { ...example.run, id: "quick-run" },
    });

    const quiet = await ended(restored.arn);
    expect(JSON.parse(quiet.output)).toMatchObject({ outcome: "not needed" });
    expect(await ended(arn)).toMatchObject({ status: "FAILED", error: "NobodyAcknowledged" });
    const calls = callsFor("late-run");
    expect(calls.map(({ to }) => to)).toEqual([...WHO, WHO[4]]);
    const first = (calls[0]!.at - startedAt) / MINUTE;
    expect(first).toBeGreaterThanOrEqual(15);
    expect(first).toBeLessThan(18);
    expect(callsFor("quick-run")).toEqual([]);
  }, 120_000);

  it("cannot be acknowledged any more once its ladder has ended", async () => {
    const { code, err } = await watchdog(bench.sandbox, "ack", "late-run", "--service", SERVICE);

    expect(code).toBe(1);
    expect(err).toMatch(/The ladder of run late-run has ended.*nothing was recorded/s);
  });
});

describe("an acknowledgement of nothing", () => {
  it("is refused for a run that nobody knows", async () => {
    const anywhere = await watchdog(bench.sandbox, "ack", "no-such-run");
    const here = await watchdog(bench.sandbox, "ack", "no-such-run", "--service", SERVICE);

    expect([anywhere.code, here.code]).toEqual([1, 1]);
    expect(anywhere.err).toMatch(/No watchdog in this account and region knows a run no-such-run/);
    expect(here.err).toMatch(/There is no run no-such-run of llm-research-lab\. Nothing was recorded/);
  });

  it("is refused for a run that ended well", async () => {
    await new DynamoDBClient(bench.sandbox.clientConfig()).send(
      new PutItemCommand({
        TableName: `${SERVICE}-watchdog`,
        Item: {
          pk: { S: `service#${SERVICE}` },
          sk: { S: "RUN#fine-run" },
          startedAt: { S: "2026-01-15T10:00:00Z" },
          endedAt: { S: "2026-01-15T10:40:00Z" },
          outcome: { S: "succeeded" },
        },
      }),
    );

    const { code, err } = await watchdog(bench.sandbox, "ack", "fine-run");
    expect(code).toBe(1);
    expect(err).toContain("ended at 2026-01-15T10:40:00Z (succeeded), and nobody is being called for it");
  });
});
