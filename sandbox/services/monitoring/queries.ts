import type { MetricDataQuery, MetricStat, StandardUnit } from "@aws-sdk/client-cloudwatch";
import { ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { evaluateExpression } from "./math/evaluate.ts";
import { type Expression, parse } from "./math/parse.ts";
import type { Series, Value } from "./math/value.ts";
import { metricNamed } from "./metrics.ts";
import { datapoints, unitsOf } from "./series.ts";

/** One series that a query gave. */
export interface Result {
  series: Series;
  /** Units the metric was reported in when the query named none and there are several. */
  units: StandardUnit[];
}

/**
 * The results of each query by its id: metrics read, expressions computed from them. An expression can give
 * several series. `from` is where the periods are counted from.
 */
export function resultsOf(
  world: World,
  queries: MetricDataQuery[],
  from: number,
  to: number,
): Map<string, Result[]> {
  const byId = new Map(queries.map((query) => [query.Id!, query]));
  const known = new Map<string, Value>();
  const units = new Map<string, StandardUnit[]>();

  const valueFor = (id: string, path: string[]): Value | undefined => {
    const found = known.get(id);
    if (found !== undefined) return found;
    const query = byId.get(id);
    if (!query) return undefined;
    if (path.includes(id)) throw expressionError(query, "it refers to itself");
    const value = query.MetricStat ? read(id, query.MetricStat) : compute(query, [...path, id]);
    known.set(id, value);
    return value;
  };
  const read = (id: string, stat: MetricStat): Series => {
    const { Namespace = "", MetricName = "", Dimensions } = stat.Metric ?? {};
    const metric = metricNamed(world, Namespace, MetricName, Dimensions);
    const several = stat.Unit === undefined ? unitsOf(metric) : [];
    if (several.length > 1) units.set(id, several);
    const period = stat.Period!;
    const selection = { statistic: stat.Stat!, period, unit: stat.Unit, from: startOf(from, period), to };
    return { period, points: datapoints(metric, selection) };
  };
  const compute = (query: MetricDataQuery, path: string[]): Value =>
    evaluateExpression(parsedExpression(query), (id) => valueFor(id, path), {
      from: startOf(from, periodOf(queries)),
      to,
      metrics: (containing) =>
        queries
          .filter(({ Id, MetricStat }) => MetricStat && Id!.includes(containing))
          .map(({ Id }) => valueFor(Id!, path) as Series),
      fail: (why) => expressionError(query, why),
    });

  const results = new Map<string, Result[]>();
  for (const query of queries) {
    if (query.ReturnData === false) continue;
    const value = valueFor(query.Id!, [])!;
    if (typeof value === "number")
      throw expressionError(query, "it gives a number, not a time series; TIME_SERIES() makes one of it");
    results.set(
      query.Id!,
      [value].flat().map((series) => ({ series, units: units.get(query.Id!) ?? [] })),
    );
  }
  return results;
}

/** Parses an expression once; throws the error that CloudWatch answers for one it does not understand. */
export function parsedExpression(query: MetricDataQuery): Expression {
  const text = query.Expression ?? "";
  if (/^\s*SELECT\s/i.test(text))
    throw new ServiceException(
      "NotImplementedBySandbox",
      "The sandbox has no Metrics Insights queries. Nothing was read.",
      { status: 501 },
    );
  return parse(text, (why) => expressionError(query, why));
}

const expressionError = ({ Id, Expression = "" }: MetricDataQuery, why: string) =>
  new ServiceException("ValidationError", `Error in expression '${Id}' [${Expression}]: ${why}`);

/** Seconds: the shortest period among the metrics of a request. */
export function periodOf(queries: MetricDataQuery[]): number {
  const periods = queries.flatMap(({ MetricStat, Period }) => MetricStat?.Period ?? Period ?? []);
  return periods.length === 0 ? 60 : Math.min(...periods);
}

/** CloudWatch rounds a start down: to the minute, or to the period where that is shorter. */
export function startOf(from: number, period: number): number {
  const width = Math.min(period, 60) * 1000;
  return Math.floor(from / width) * width;
}
