import { CloudWatchClient, DescribeAlarmsCommand, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../../scenarios/until.ts";
import { type DrillBench, drillBench, type EndedExecution, ended } from "./harness.ts";

const metric = (name: string, statistic = "Average") => ({
  namespace: "Shop",
  name,
  statistic,
  period: "1m",
});

/** Machine milliseconds: minutes of data have to pass, and a busy machine is slow to put them in. */
const PATIENCE = 150_000;

/** Each kind of criterion, told about and not acted on, so that each leaves one short run. */
const TRIGGERS = [
  { id: "both", all: ["crashes", "errors"], decision: "notify" },
  {
    id: "slower",
    metric: metric("Latency"),
    threshold: "> 150% of baseline",
    baseline: { window: "1h", lag: "5m" },
    for: "2m",
    decision: "notify",
  },
  {
    id: "unusual",
    metric: metric("Queue"),
    threshold: "> 3 deviations from baseline",
    baseline: { window: "1h", lag: "5m" },
    for: "2m",
    decision: "notify",
  },
  {
    id: "rate",
    metric: metric("ErrorRate"),
    minimum: { metric: { namespace: "Shop", name: "Requests", statistic: "Sum" }, count: 20 },
    threshold: "> 10",
    for: "2m",
    decision: "notify",
  },
  {
    id: "requested",
    event: {
      source: ["shop.pipeline"],
      detailType: ["Rollback Requested"],
      detail: { service: ["llm-research-lab"] },
    },
    decision: "notify",
    withoutDeployment: "act",
  },
  // Last: the first that holds decides, and these two are only members of the first.
  { id: "crashes", metric: metric("Crashes", "Sum"), threshold: "> 0", for: "2m", decision: "ignore" },
  { id: "errors", metric: metric("Errors"), threshold: "> 10", for: "2m", decision: "ignore" },
];

describe("criteria other than a metric above a number", () => {
  let bench: DrillBench;
  let cloudwatch: CloudWatchClient;

  beforeAll(async () => {
    bench = await drillBench("llm-research-lab", {
      metricsReported: false,
      speed: 30,
      change: (plan) => {
        plan["triggers"] = TRIGGERS;
        // On a busy machine a quarter of an hour of this clock may pass before an alarm is looked at again.
        plan["budget"] = { attempts: 10, perDay: 50, minimumDelay: "0s", eventAge: "6h" };
      },
    });
    cloudwatch = new CloudWatchClient(bench.sandbox.clientConfig());
  }, 120_000);
  afterAll(() => bench?.close());

  /** Puts one value for each of the last minutes, the present one included; of several values, one after the other. */
  async function put(name: string, values: number | number[], minutes: number): Promise<void> {
    const given = [values].flat();
    const now = bench.sandbox.world.clock.now();
    await cloudwatch.send(
      new PutMetricDataCommand({
        Namespace: "Shop",
        MetricData: Array.from({ length: minutes }, (_, back) => ({
          MetricName: name,
          Value: given[back % given.length]!,
          Timestamp: new Date(now - back * 60_000),
        })),
      }),
    );
  }

  const stateOf = async (id: string) => {
    const { MetricAlarms = [], CompositeAlarms = [] } = await cloudwatch.send(
      new DescribeAlarmsCommand({
        AlarmNames: [`llm-research-lab-${id}`],
        AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
      }),
    );
    return [...MetricAlarms, ...CompositeAlarms][0]?.StateValue;
  };

  /** The one run that a criterion began, ended. `feed` keeps the metrics coming until it is there. */
  async function runOf(
    id: string,
    feed: () => Promise<unknown> = async () => undefined,
  ): Promise<EndedExecution> {
    const states = new SFNClient(bench.sandbox.clientConfig());
    const list = async () => {
      const { executions = [] } = await states.send(
        new ListExecutionsCommand({ stateMachineArn: bench.stateMachineArn }),
      );
      return executions.filter(({ name }) => name!.startsWith(`${id}-`));
    };
    await until(
      `a run of ${id}`,
      async () => {
        await feed();
        return (await list()).length > 0;
      },
      PATIENCE,
    );
    const run = await ended(bench.sandbox, (await list())[0]!.executionArn!);
    expect(await list()).toHaveLength(1);
    return run;
  }

  it("an event starts one run, with the sender's reason, however often it is delivered", async () => {
    await new EventBridgeClient(bench.sandbox.clientConfig()).send(
      new PutEventsCommand({
        Entries: [
          {
            Source: "shop.pipeline",
            DetailType: "Rollback Requested",
            Detail: JSON.stringify({ service: "another", reason: "not ours" }),
          },
          {
            Source: "shop.pipeline",
            DetailType: "Rollback Requested",
            Detail: JSON.stringify({ service: "llm-research-lab", reason: "data corruption detected" }),
          },
        ],
      }),
    );

    const run = await runOf("requested");

    expect(run.output).toMatchObject({
      outcome: "notified",
      decision: {
        rule: "requested",
        because: expect.stringContaining("data corruption detected"),
      },
    });
  });

  // Both rings while the run of the alarm that completed it still holds the lock: it must not be lost.
  it("two alarms together decide what neither does alone", async () => {
    await until(
      "errors to ring",
      async () => {
        await put("Errors", 50, 4);
        return (await stateOf("errors")) === "ALARM";
      },
      PATIENCE,
    );
    expect(await stateOf("both")).not.toBe("ALARM");

    const run = await runOf("both", () => Promise.all([put("Errors", 50, 4), put("Crashes", 1, 4)]));

    expect(run.output).toMatchObject({ decision: { rule: "both" } });
  }, 180_000);

  it("a rate of a handful of requests means nothing", async () => {
    await put("Requests", 5, 6);
    await put("ErrorRate", 80, 6);
    // What is judged in the same minutes and does ring shows that the alarms were evaluated.
    await put("Errors", 0, 2);
    await until(
      "the alarm on the rate to have been judged",
      async () => (await stateOf("rate")) !== undefined,
    );
    await until("errors to ring no more", async () => (await stateOf("errors")) !== "ALARM");
    expect(await stateOf("rate")).toBe("INSUFFICIENT_DATA");

    const run = await runOf("rate", () => Promise.all([put("Requests", 500, 4), put("ErrorRate", 80, 4)]));

    expect(run.output).toMatchObject({ decision: { rule: "rate" } });
  }, 180_000);

  it("a metric is measured against what it was before, and against how far it usually is from that", async () => {
    const latency = (value: number) => put("Latency", value, 2);
    const queue = (...values: number[]) => put("Queue", values, 2);
    await Promise.all([put("Latency", 100, 65), put("Queue", [90, 110], 65)]);
    // Unusual would be over 130 for the queue, and over 150 for the latency.
    await until(
      "the alarms to have data",
      async () => {
        await Promise.all([latency(140), queue(110)]);
        return (await stateOf("slower")) === "OK" && (await stateOf("unusual")) === "OK";
      },
      PATIENCE,
    );

    const far = await runOf("unusual", () => Promise.all([latency(140), queue(180)]));
    const slow = await runOf("slower", () => Promise.all([latency(400), queue(100)]));

    expect(far.output).toMatchObject({
      decision: { rule: "unusual", because: expect.stringContaining("3 deviations from baseline") },
    });
    expect(slow.output).toMatchObject({
      decision: { rule: "slower", because: expect.stringContaining("150% of baseline") },
    });
  }, 240_000);
});
