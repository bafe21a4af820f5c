import { QueryRefused } from "./errors.ts";
import { evaluate } from "./evaluate.ts";
import { parseQuery } from "./parse.ts";
import { keyOf, type Labels, type SeriesStore } from "./series.ts";

/** Seconds since the epoch, and the value as text: the form of Prometheus' HTTP API. */
export type Point = [seconds: number, value: string];

/** `data` of an answer. https://prometheus.io/docs/prometheus/latest/querying/api/#expression-query-result-formats */
export type QueryData =
  | { resultType: "scalar"; result: Point }
  | { resultType: "vector"; result: { metric: Labels; value: Point }[] }
  | { resultType: "matrix"; result: { metric: Labels; values: Point[] }[] };

/** Points that Prometheus gives for one series at most. */
const MOST_POINTS = 11_000;

/** The query at one moment; all times are epoch milliseconds. */
export function instantQuery(store: SeriesStore, query: string, at: number): QueryData {
  const value = evaluate(parseQuery(query), store, at);
  if (value.type === "scalar") return { resultType: "scalar", result: [at / 1000, textOf(value.value)] };
  return {
    resultType: "vector",
    result: value.elements.map((each) => ({ metric: each.labels, value: [at / 1000, textOf(each.value)] })),
  };
}

/** The query at every step from start to end. */
export function rangeQuery(
  store: SeriesStore,
  query: string,
  { start, end, step }: { start: number; end: number; step: number },
): QueryData {
  if (!(step > 0))
    throw new QueryRefused(
      "bad_data",
      'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  if (end < start)
    throw new QueryRefused(
      "bad_data",
      'invalid parameter "end": end timestamp must not be before start time',
    );
  if ((end - start) / step > MOST_POINTS)
    throw new QueryRefused(
      "bad_data",
      "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)",
    );
  const expression = parseQuery(query);
  const series = new Map<string, { metric: Labels; values: Point[] }>();
  for (let at = start; at <= end; at += step) {
    const value = evaluate(expression, store, at);
    const elements = value.type === "scalar" ? [{ labels: {}, value: value.value }] : value.elements;
    for (const each of elements) {
      const key = keyOf(each.labels);
      const found = series.get(key) ?? { metric: each.labels, values: [] };
      series.set(key, found);
      found.values.push([at / 1000, textOf(each.value)]);
    }
  }
  return { resultType: "matrix", result: [...series.values()] };
}

/** A number as Prometheus writes it: an exponent has two digits, and infinity a sign. */
function textOf(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value).replace(/e-(\d)$/, "e-0$1");
  return value > 0 ? "+Inf" : "-Inf";
}
