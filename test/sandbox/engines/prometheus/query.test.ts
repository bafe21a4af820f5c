import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BeyondEngine, QueryRefused } from "../../../../sandbox/engines/prometheus/errors.ts";
import { instantQuery, type QueryData, rangeQuery } from "../../../../sandbox/engines/prometheus/query.ts";
import { keyOf, NAME, SeriesStore } from "../../../../sandbox/engines/prometheus/series.ts";

/** What Prometheus itself answered to these queries of these series. Numbers that JSON has no word for are text. */
interface Recorded {
  from: string;
  series: { metric: string; labels: Record<string, string>; samples: [seconds: number, value: string][] }[];
  queries: ({
    query: string;
    time?: string;
    start?: string;
    end?: string;
    step?: string;
    status: number;
  } & ({ data: QueryData } | { errorType: string; error: string }))[];
}

const recorded = JSON.parse(readFileSync(join(import.meta.dirname, "recorded.json"), "utf8")) as Recorded;
const store = new SeriesStore();
for (const { metric, labels, samples } of recorded.series)
  store.write(
    { ...labels, [NAME]: metric },
    samples.map(([seconds, value]) => [seconds * 1000, Number(value)]),
  );

const numberOf = (text: string) => Number(text.replace(/^([+-]?)Inf$/, "$1Infinity"));

/** Its points by labels, and when they are. The order of series is nobody's promise. */
function points({ resultType, result }: QueryData): Map<string, [number, number][]> {
  if (resultType === "scalar") return new Map([["", [[result[0], numberOf(result[1])]]]]);
  if (resultType === "vector")
    return new Map(result.map(({ metric, value }) => [keyOf(metric), [[value[0], numberOf(value[1])]]]));
  return new Map(
    result.map(({ metric, values }) => [
      keyOf(metric),
      values.map(([at, text]): [number, number] => [at, numberOf(text)]),
    ]),
  );
}

function ask({ query, time, start, end, step }: Recorded["queries"][number]) {
  try {
    if (time) return { status: 200, data: instantQuery(store, query, Date.parse(time)) };
    const range = {
      start: Date.parse(start!),
      end: Date.parse(end!),
      step: Number.parseFloat(step!) * 1000,
    };
    return { status: 200, data: rangeQuery(store, query, range) };
  } catch (error) {
    if (error instanceof QueryRefused) return { status: error.status, errorType: error.errorType };
    throw error;
  }
}

describe("a query is answered as Prometheus answers it", () => {
  it.each(recorded.queries)("$query", (asked) => {
    const found = ask(asked);

    expect(found.status).toBe(asked.status);
    if (!("data" in asked)) return expect(found.errorType).toBe(asked.errorType);
    expect(found.data!.resultType).toBe(asked.data.resultType);
    const wanted = points(asked.data);
    const own = points(found.data!);
    expect([...own.keys()].toSorted()).toEqual([...wanted.keys()].toSorted());
    for (const [key, values] of wanted) {
      expect(own.get(key)!.map(([at]) => at)).toEqual(values.map(([at]) => at));
      for (const [index, [, value]] of values.entries()) {
        const other = own.get(key)![index]![1];
        if (Number.isFinite(value))
          expect(Math.abs(other - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-12);
        else expect(other).toBe(value);
      }
    }
    return undefined;
  });

  it("down to how it writes numbers", () => {
    const written = (query: string) => {
      const wanted = recorded.queries.find((each) => each.query === query)!;
      return [wanted, ask(wanted)].map((each) => (each as { data: { result: unknown } }).data.result);
    };
    for (const query of ["huge", "1 / 0", "-1 / 0", "0 / 0", "queue_depth * 0.0000001"]) {
      const [wanted, found] = written(query);
      expect(found).toEqual(wanted);
    }
  });
});

it.each([
  "topk(3, x)",
  "a / on(pod) group_left b",
  "x[5m:1m]",
  "rate(x[5m])[1h:]",
  "quantile(0.9, x)",
  "x @ 12",
  "x[5m]",
  "time()",
  '"text"',
  'x{a="\\x41"}',
])("%s is right, and more than the engine can: it says so", (query) => {
  expect(() => instantQuery(store, query, 0)).toThrow(BeyondEngine);
});
