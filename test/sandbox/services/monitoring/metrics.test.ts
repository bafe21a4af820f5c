import type {
  GetMetricDataCommandOutput,
  GetMetricStatisticsCommandOutput,
  ListMetricsCommandOutput,
  MetricDatum,
} from "@aws-sdk/client-cloudwatch";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { monitoring } from "../../../../sandbox/services/monitoring/index.ts";
import { putMetric } from "../../../../sandbox/services/monitoring/metrics.ts";
import { openPlainWorld } from "./fixture.ts";

const MINUTE = 60_000;
let test: Awaited<ReturnType<typeof openPlainWorld>>;
let end: number;
let names = 0;
beforeAll(async () => {
  test = await openPlainWorld([monitoring]);
  end = Math.floor(test.world.clock.now() / MINUTE) * MINUTE;
});
afterAll(() => test.close());

const call = <Output>(name: string, input: object) => test.call<Output>("monitoring", name, input);
const unique = () => `metric-${++names}`;
const put = (MetricName: string, ...data: Partial<MetricDatum>[]) =>
  call("PutMetricData", { Namespace: "Lab", MetricData: data.map((each) => ({ MetricName, ...each })) });
/** Values of minutes, oldest first; the newest minute is the one that just ended. */
const minutes = (MetricName: string, values: (number | undefined)[]) =>
  put(
    MetricName,
    ...values.flatMap((Value, index) =>
      Value === undefined ? [] : [{ Value, Timestamp: new Date(end - (values.length - index) * MINUTE) }],
    ),
  );
const stat = (Id: string, MetricName: string, Stat = "Sum", Period = 60) => ({
  Id,
  MetricStat: { Metric: { Namespace: "Lab", MetricName }, Period, Stat },
});
async function values(back: number, ...MetricDataQueries: object[]): Promise<Record<string, number[]>> {
  const { MetricDataResults = [] } = await call<GetMetricDataCommandOutput>("GetMetricData", {
    MetricDataQueries,
    StartTime: new Date(end - back * MINUTE),
    EndTime: new Date(end),
    ScanBy: "TimestampAscending",
  });
  return Object.fromEntries(MetricDataResults.map(({ Id, Values }) => [Id!, Values!]));
}

describe("statistics", () => {
  it("of single values, counted values and sets together", async () => {
    const name = unique();
    const Timestamp = new Date(end - MINUTE);
    await put(
      name,
      { Value: 4, Timestamp },
      { Values: [1, 10], Counts: [2, 1], Timestamp },
      { StatisticValues: { SampleCount: 2, Sum: 12, Minimum: 5, Maximum: 7 }, Timestamp },
    );

    const found = await values(
      1,
      ...["Sum", "SampleCount", "Minimum", "Maximum", "Average"].map((each) =>
        stat(each.toLowerCase(), name, each),
      ),
    );

    expect(found).toEqual({ sum: [28], samplecount: [6], minimum: [1], maximum: [10], average: [28 / 6] });
  });

  it("percentiles and trimmed means of the values", async () => {
    const name = unique();
    const Values = Array.from({ length: 100 }, (_, index) => index + 1);
    await put(name, { Values, Timestamp: new Date(end - MINUTE) });

    const found = await values(
      1,
      stat("p50", name, "p50"),
      stat("p100", name, "p100"),
      stat("tm", name, "tm90"),
      stat("tc", name, "TC(:50%)"),
      stat("pr", name, "PR(:25)"),
    );

    expect(found).toEqual({ p50: [50.5], p100: [100], tm: [45.5], tc: [50], pr: [25] });
  });

  it("a percentile lies between minimum and maximum, whatever the values", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 50 }),
        fc.integer({ min: 0, max: 100 }),
        async (Values, share) => {
          const name = unique();
          await put(name, { Values, Timestamp: new Date(end - MINUTE) });
          const found = await values(1, stat("p", name, `p${share}`));
          return found["p"]![0]! >= Math.min(...Values) && found["p"]![0]! <= Math.max(...Values);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("each unit has its own; without one in the question CloudWatch answers from one and says so", async () => {
    const name = unique();
    const Timestamp = new Date(end - MINUTE);
    await put(
      name,
      { Value: 60_000, Unit: "Milliseconds", Timestamp },
      { Value: 60, Unit: "Seconds", Timestamp },
    );

    const all = await call<GetMetricStatisticsCommandOutput>("GetMetricStatistics", {
      Namespace: "Lab",
      MetricName: name,
      Period: 60,
      Statistics: ["Sum"],
      StartTime: new Date(end - MINUTE),
      EndTime: new Date(end),
    });
    const { MetricDataResults } = await call<GetMetricDataCommandOutput>("GetMetricData", {
      MetricDataQueries: [stat("m", name)],
      StartTime: new Date(end - MINUTE),
      EndTime: new Date(end),
    });

    expect(all.Datapoints?.map(({ Unit, Sum }) => [Unit, Sum])).toEqual([
      ["Milliseconds", 60_000],
      ["Seconds", 60],
    ]);
    expect(MetricDataResults?.[0]).toMatchObject({
      Values: [60_000],
      Messages: [{ Code: "MultipleUnits", Value: "Multiple units returned: '[Milliseconds, Seconds]'" }],
    });
  });
});

describe("metric math", () => {
  it.each([
    ["a + b", [11, 33]],
    ["(a + b) * 2 - 1", [21, 65]],
    ["2 ^ a", [2, 8]],
    ["b - -a", [11, 33]],
    ["100 * a / b", [10, 10]],
    ["a > 1", [0, 1]],
    ["IF(a > 1, b, 0)", [0, 30]],
    ["IF(a >= 1 AND b < 20, 1, 2)", [1, 2]],
    ["MAX([a, b])", [10, 20, 30]],
    ["SUM(METRICS())", [11, 20, 33]],
    ["FILL(a, 0)", [1, 0, 3]],
    ["FILL(a, REPEAT)", [1, 1, 3]],
    ["FILL(a, LINEAR)", [1, 2, 3]],
    ["a - MIN(a)", [0, 2]],
    ["b / PERIOD(b) * 60", [10, 20, 30]],
    ["DIFF(b)", [10, 10]],
    ["RATE(b) * 60", [10, 10]],
    ["RUNNING_SUM(b)", [10, 30, 60]],
    ["a / 0", []],
  ])("%s", async (Expression, wanted) => {
    const [a, b] = [unique(), unique()];
    await minutes(a, [1, undefined, 3]);
    await minutes(b, [10, 20, 30]);

    const found = await values(
      3,
      { Id: "e", Expression },
      { ...stat("a", a), ReturnData: false },
      { ...stat("b", b), ReturnData: false },
    );

    expect(found).toEqual({ e: wanted });
  });

  it.each(["a +", "SUM(a", "a b", "nothing + 1", "NOSUCH(a)", "e"])("%s is refused", async (Expression) => {
    const query = values(1, { Id: "e", Expression }, { ...stat("a", unique()), ReturnData: false });

    await expect(query).rejects.toMatchObject({ code: "ValidationError" });
  });
});

describe("GetMetricData", () => {
  it("labels results by what tells them apart", async () => {
    const name = unique();
    await minutes(name, [1]);
    const { MetricDataResults } = await call<GetMetricDataCommandOutput>("GetMetricData", {
      MetricDataQueries: [stat("a", name, "Sum", 60), stat("b", name, "Minimum", 30)],
      StartTime: new Date(end - MINUTE),
      EndTime: new Date(end),
    });

    expect(MetricDataResults?.map(({ Label }) => Label)).toEqual([`${name} Sum 60`, `${name} Minimum 30`]);
  });

  it("gives the newest first and goes on where its page ended", async () => {
    const name = unique();
    await minutes(name, [1, 2, 3, 4, 5]);
    const ask = (NextToken?: string) =>
      call<GetMetricDataCommandOutput>("GetMetricData", {
        MetricDataQueries: [stat("a", name)],
        StartTime: new Date(end - 5 * MINUTE),
        EndTime: new Date(end),
        MaxDatapoints: 3,
        NextToken,
      });

    const first = await ask();
    const second = await ask(first.NextToken);

    expect([first, second].map(({ MetricDataResults }) => MetricDataResults?.[0]?.Values)).toEqual([
      [5, 4, 3],
      [2, 1],
    ]);
    expect(second.NextToken).toBeUndefined();
  });
});

describe("PutMetricData", () => {
  it.each([
    [
      { Value: 1, Values: [1] },
      "The parameters MetricData.member.1.Value and MetricData.member.1.Values are mutually exclusive and you have specified both.",
    ],
    [
      { Values: [1, 2], Counts: [1] },
      "The parameters MetricData.member.1.Values and MetricData.member.1.Counts must be of the same size.",
    ],
    [
      { Value: 1, Timestamp: new Date("2001-01-01") },
      "The parameter MetricData.member.1.Timestamp must specify a time within the past two weeks.",
    ],
  ])("refuses %j", async (datum, message) => {
    await expect(put(unique(), datum)).rejects.toThrow(message);
  });

  it("adds nothing when one of its data is refused", async () => {
    const name = unique();
    await expect(put(name, { Value: 1 }, { Value: Number.NaN })).rejects.toThrow();

    const { Metrics } = await call<ListMetricsCommandOutput>("ListMetrics", { MetricName: name });
    expect(Metrics).toEqual([]);
  });
});

it("metrics of the sandbox's own services are listed by their dimensions", async () => {
  putMetric(test.world, "AWS/Test", "Errors", 1, { FunctionName: "a" }, "Count");
  putMetric(test.world, "AWS/Test", "Errors", 1, { FunctionName: "b" }, "Count");

  const { Metrics } = await call<ListMetricsCommandOutput>("ListMetrics", {
    Namespace: "AWS/Test",
    Dimensions: [{ Name: "FunctionName", Value: "b" }],
  });

  expect(Metrics).toEqual([
    { Namespace: "AWS/Test", MetricName: "Errors", Dimensions: [{ Name: "FunctionName", Value: "b" }] },
  ]);
});
