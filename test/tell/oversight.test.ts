import { CloudWatchClient, DescribeAlarmsCommand, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { LambdaClient, ListFunctionsCommand, PutFunctionConcurrencyCommand } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, expect, it } from "vitest";
import { until } from "../../scenarios/until.ts";
import { type TellBench, tellBench } from "./bench.ts";

const ADDRESS = "engineers@shop.example";
let bench: TellBench;

beforeAll(async () => {
  bench = await tellBench((plan) => {
    for (const trigger of plan["triggers"] as Record<string, unknown>[]) trigger["missing"] = "notBreaching";
    plan["notify"] = { email: [ADDRESS] };
    plan["escalation"] = undefined;
  });
}, 120_000);
afterAll(() => bench?.close());

it("an alarm that rings and leads to no run calls a person by an alarm of its own", async () => {
  const aws = bench.sandbox.clientConfig();
  const cloudwatch = new CloudWatchClient(aws);
  const lambda = new LambdaClient(aws);
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({ MaxItems: 50 }));
  const trigger = Functions.find(({ Description }) => Description?.includes("turns an alarm into one run"))!;
  // The watchdog sleeps: nobody may call its trigger function any more.
  await lambda.send(
    new PutFunctionConcurrencyCommand({
      FunctionName: trigger.FunctionName,
      ReservedConcurrentExecutions: 0,
    }),
  );
  const stateOf = async (name: string) => {
    const { MetricAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
    return MetricAlarms[0]?.StateValue;
  };
  await until("the overseer to report", async () => {
    return (await stateOf("llm-research-lab-watchdog-unanswered")) === "OK";
  });

  const now = () => bench.sandbox.world.clock.now();
  const failing = () =>
    cloudwatch.send(
      new PutMetricDataCommand({
        Namespace: "LlmResearch",
        MetricData: [{ MetricName: "ErrorRate", Value: 90, Timestamp: new Date(now()) }],
      }),
    );
  let rangAt = 0;
  await until(
    "the unanswered alarm to be told",
    async () => {
      await failing();
      if (rangAt === 0 && (await stateOf("llm-research-lab-error-rate-immediate")) === "ALARM")
        rangAt = now();
      return bench.mailsTo(ADDRESS).some(({ subject }) => subject.includes("watchdog-unanswered"));
    },
    90_000,
  );

  expect(rangAt).toBeGreaterThan(0);
  expect(now() - rangAt).toBeGreaterThan(9 * 60_000);
}, 120_000);
