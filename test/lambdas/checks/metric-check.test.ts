import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { judge, measure } from "../../../lambdas/checks/metric-check/handler.ts";
import { metricCheck } from "../../../lambdas/checks/metric-check/spec.ts";
import { monitoring } from "../../../sandbox/services/monitoring/index.ts";
import { openWorld, type TestWorld } from "../../sandbox/front/harness.ts";
import { lambdaEnvironment } from "../environment.ts";

describe("judge", () => {
  it("passes when every value fits, and shows the worst of them", () => {
    expect(judge([0.2, 0.5, 0.1], 30, "< 1", 1)).toEqual({ verdict: "passed", value: "0.5" });
    expect(judge([60, 55, 70], 30, ">= 50", 1)).toEqual({ verdict: "passed", value: "55" });
  });

  it("fails on a single value that does not, whatever the others are", () => {
    expect(judge([0.1, 1, 0.1], 30, "< 1", 1)).toEqual({ verdict: "failed", value: "1" });
    expect(judge([60, 49.994], 30, ">= 50", 1)).toEqual({ verdict: "failed", value: "49.99" });
  });

  it("is inconclusive without values or with too few samples, however good they look", () => {
    expect(judge([], 0, "< 1", 1)).toEqual({ verdict: "inconclusive" });
    expect(judge([], 100, "< 1", 1)).toEqual({ verdict: "inconclusive" });
    expect(judge([0], 4, "< 1", 5)).toEqual({ verdict: "inconclusive" });
  });

  it("never passes a set that holds one value beyond the limit", () => {
    const value = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(
        fc.array(value),
        value,
        fc.constantFrom("<", "<=", ">", ">="),
        (values, limit, operator) => {
          const beyond = operator.startsWith("<") ? limit + 1 : limit - 1;
          const { verdict } = judge([...values, beyond], values.length + 1, `${operator} ${limit}`, 1);
          expect(verdict).toBe("failed");
        },
      ),
    );
  });
});

describe("a metric in CloudWatch", () => {
  let test: TestWorld;
  let client: CloudWatchClient;
  const NOW = Date.parse("2026-11-20T10:05:30Z");
  const context = { now: () => NOW, sleep: async () => undefined, region: "us-east-1", tableName: "" };
  let run: Parameters<typeof measure>[1];
  const put = (MetricName: string, at: string, ...Values: number[]) =>
    client.send(
      new PutMetricDataCommand({
        Namespace: "Lab",
        MetricData: [{ MetricName, Timestamp: new Date(`2026-11-20T${at}Z`), Values }],
      }),
    );
  const check = (name: string, more: object = {}) =>
    measure(
      metricCheck.input.parse({
        metric: { namespace: "Lab", name, statistic: "Average" },
        expect: "< 1",
        ...more,
      }),
      run,
    );

  beforeAll(async () => {
    test = await openWorld([monitoring]);
    lambdaEnvironment(test);
    client = new CloudWatchClient(test.admin);
    run = context as Parameters<typeof measure>[1];
    await put("Healthy", "10:03:10", 0.1, 0.3);
    await put("Healthy", "10:04:10", 0.4);
    await put("Broken", "10:03:10", 0.1);
    await put("Broken", "10:04:10", 40);
    await put("Recovering", "10:04:10", 0.1);
    await put("Recovering", "10:05:10", 90); // of the minute that is not over
    await put("Requests", "10:03:10", ...Array.from({ length: 40 }, () => 1));
    await put("Requests", "10:04:10", ...Array.from({ length: 50 }, () => 1));
    await put("Errors", "10:04:10", 1, 1, 1); // none in the minute before: a load balancer reports nothing then
    await put("Old", "10:01:10", 0.1);
  });
  afterAll(() => test.close());

  it("passes on a healthy one and fails on a broken one", async () => {
    expect(await check("Healthy")).toMatchObject({ verdict: "passed", value: "0.4", limit: "< 1" });
    expect(await check("Broken")).toMatchObject({ verdict: "failed", value: "40" });
  });

  it("that has no data, only old data or too few samples is inconclusive, and says so", async () => {
    expect(await check("Nowhere")).toMatchObject({
      verdict: "inconclusive",
      evidence: [expect.stringContaining("no data (0 samples)")],
    });
    expect(await check("Old")).toMatchObject({ verdict: "inconclusive" });
    expect(await check("Healthy", { minimumSamples: 4 })).toMatchObject({ verdict: "inconclusive" });
    expect(await check("Healthy", { minimumSamples: 3 })).toMatchObject({ verdict: "passed" });
  });

  describe("in percent of another", () => {
    const percentOf = { namespace: "Lab", name: "Requests", statistic: "Sum" };
    const errors = { metric: { namespace: "Lab", name: "Errors", statistic: "Sum" }, percentOf };

    it("passes and fails on its share, and a period without errors is one of 0 %", async () => {
      expect(await check("Errors", { ...errors, expect: "< 10" })).toMatchObject({
        verdict: "passed",
        value: "6",
        evidence: [expect.stringMatching(/Errors Sum in percent of Requests, .*: 6, 0 \(90 samples\)/)],
      });
      expect(await check("Errors", { ...errors, expect: "< 5" })).toMatchObject({ verdict: "failed" });
    });

    it("passes where there was no error at all, and is inconclusive without a request", async () => {
      const none = { ...errors, metric: { ...errors.metric, name: "NeverOne" } };

      expect(await check("NeverOne", none)).toMatchObject({ verdict: "passed", value: "0" });
      expect(await check("Errors", { ...errors, percentOf: { ...percentOf, name: "Nobody" } })).toMatchObject(
        { verdict: "inconclusive" },
      );
    });
  });

  it("is judged on whole periods only", async () => {
    const found = await check("Recovering");

    expect(found).toMatchObject({ verdict: "passed", value: "0.1" });
    expect(found.evidence[0]).toContain("2026-11-20T10:03:00.000Z to 2026-11-20T10:05:00.000Z");
  });
});
