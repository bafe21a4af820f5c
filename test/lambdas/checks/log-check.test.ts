import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { measure } from "../../../lambdas/checks/log-check/handler.ts";
import { fits, queryOf } from "../../../lambdas/checks/log-check/query.ts";
import { logCheck } from "../../../lambdas/checks/log-check/spec.ts";
import { logs } from "../../../sandbox/services/logs/index.ts";
import { openWorld, type TestWorld } from "../../sandbox/front/harness.ts";
import { lambdaEnvironment } from "../environment.ts";

describe("the query", () => {
  it("counts lines that hold the pattern and not the other", () => {
    expect(queryOf({ pattern: "ERROR|WARN", without: "probe" })).toBe(
      "filter @message like /ERROR|WARN/ | filter @message not like /probe/ | stats count(*) as lines",
    );
  });

  it("keeps a slash of the pattern inside the pattern", () => {
    expect(queryOf({ pattern: "/admin/llm|\\/x" })).toBe(
      "filter @message like /\\/admin\\/llm|\\/x/ | stats count(*) as lines",
    );
  });

  it.each([
    [0, "= 0", true],
    [1, "= 0", false],
    [5, "<= 5", true],
    [5, "< 5", false],
    [10, "> 9", true],
    [0, ">= 1", false],
  ])("%d fits %j: %s", (count, expected, held) => expect(fits(count, expected)).toBe(held));
});

describe("a log in CloudWatch", () => {
  let test: TestWorld;
  let client: CloudWatchLogsClient;
  let context: Parameters<typeof measure>[1];
  const logStreamName = "hub";
  const group = async (logGroupName: string) => {
    await client.send(new CreateLogGroupCommand({ logGroupName }));
    await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  };
  const write = (logGroupName: string, ...messages: string[]) =>
    client.send(
      new PutLogEventsCommand({
        logGroupName,
        logStreamName,
        logEvents: messages.map((message) => ({ timestamp: Math.floor(test.world.clock.now()), message })),
      }),
    );
  const check = (name: string, more: object = {}, wait?: Parameters<typeof measure>[2]) =>
    measure(logCheck.input.parse({ groups: [name], pattern: "ERROR|WARN", ...more }), context, wait);

  beforeAll(async () => {
    test = await openWorld([logs]);
    lambdaEnvironment(test);
    client = new CloudWatchLogsClient(test.admin);
    const { clock } = test.world;
    context = { now: clock.now, sleep: (ms) => clock.sleep(ms), region: "us-east-1", tableName: "" };
    for (const name of ["quiet", "loud", "empty", "pages"]) await group(name);
    await write("quiet", "INFO started", "INFO GET /health 200");
    await write("loud", "INFO started", "ERROR no provider", "WARN slow", "ERROR probe");
    await write("pages", "PAGE_VIEW /admin/llm-routing");
  });
  afterAll(() => test?.close());

  it("passes when it is quiet and fails when it is not", async () => {
    expect(await check("quiet")).toMatchObject({ verdict: "passed", value: "0 lines" });
    expect(await check("loud")).toMatchObject({ verdict: "failed", value: "3 lines" });
    expect(await check("loud", { without: "probe", expect: "<= 2" })).toMatchObject({ verdict: "passed" });
  });

  it("sees what must be there: views of the old pages", async () => {
    const views = { pattern: "PAGE_VIEW /admin/llm-", expect: ">= 1" };

    expect(await check("pages", views)).toMatchObject({ verdict: "passed", value: "1 lines" });
    expect(await check("quiet", views)).toMatchObject({ verdict: "failed", value: "0 lines" });
  });

  it("is inconclusive on a log that says nothing at all: silence is no good news", async () => {
    const found = await check("empty");

    expect(found.verdict).toBe("inconclusive");
    expect(found.evidence).toContain("0 of 0 lines");
  });

  it("counts nothing from before its window", async () => {
    const later = { ...context, now: () => test.world.clock.now() + 3_600_000 };

    expect(await measure(logCheck.input.parse({ groups: ["loud"], pattern: "ERROR" }), later)).toMatchObject({
      verdict: "inconclusive",
    });
  });

  it("takes the answer of a query that ended while it was being stopped", async () => {
    const answers = ["Running", "Complete"];
    test.world.interceptors.push({
      after: ({ operation }, { output }) => {
        const status = operation === "GetQueryResults" ? answers.shift() : undefined;
        if (status) Object.assign(output as object, { status });
      },
    });
    const done = test.world.clock.now() + 2_000;
    const wait = { looks: 1, milliseconds: 1 };
    const found = await measure(
      logCheck.input.parse({ groups: ["quiet"], pattern: "ERROR" }),
      { ...context, sleep: () => test.world.clock.sleep(done - test.world.clock.now()) },
      wait,
    );

    expect(found).toMatchObject({ verdict: "passed", value: "0 lines" });
  });

  it("fails loudly on a group that does not exist, and in the sandbox on a pattern it cannot judge", async () => {
    await expect(check("nowhere")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await expect(check("quiet", { pattern: "(" })).rejects.toMatchObject({ name: "MalformedQueryException" });
  });
});

it("a query that takes longer than the check may is given up and stopped", async () => {
  // A clock that nearly stands still: the query's one second is over a hundred seconds from now.
  const test = await openWorld([logs], { speed: 0.01 });
  lambdaEnvironment(test);
  vi.resetModules(); // the check keeps its client, and with it the other world's address
  const { measure } = await import("../../../lambdas/checks/log-check/handler.ts");
  const client = new CloudWatchLogsClient(test.admin);
  await client.send(new CreateLogGroupCommand({ logGroupName: "quiet" }));
  const stopped: unknown[] = [];
  test.world.interceptors.push({
    after: ({ operation }, { output }) => void (operation === "StopQuery" && stopped.push(output)),
  });
  const { now } = test.world.clock;
  const context = { now, sleep: async () => undefined, region: "us-east-1", tableName: "" };

  const found = await measure(logCheck.input.parse({ groups: ["quiet"], pattern: "ERROR" }), context, {
    looks: 2,
    milliseconds: 1,
  });

  expect(found).toMatchObject({
    verdict: "error",
    evidence: expect.arrayContaining(["the query was not done in time, and was stopped"]),
  });
  expect(stopped).toEqual([{ success: true }]);
  await test.close();
});
