import type { MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import { ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { datapoints } from "./metrics.ts";
import { type Series, expressionValue } from "./metric-math.ts";

/** The series of each query by id: metrics read, expressions computed from them. */
export function resultsOf(world: World, queries: MetricDataQuery[], from: number, to: number): Map<string, Series> {
  const results = new Map<string, Series>();
  const byId = new Map(queries.map((query) => [query.Id!, query]));
  const period = queries.find(({ MetricStat }) => MetricStat)?.MetricStat?.Period ?? 60;
  const resolve = (id: string, path: string[] = []): Series => {
    const known = results.get(id);
    if (known) return known;
    const query = byId.get(id);
    if (!query || path.includes(id)) throw new ServiceException("ValidationError", `Error in expression '${path.at(-1) ?? id}': ${id} is not a query of this request`);
    const { MetricStat: stat } = query;
    let series: Series;
    if (stat) {
      const metric = { namespace: stat.Metric!.Namespace!, name: stat.Metric!.MetricName!, dimensions: stat.Metric!.Dimensions ?? [] };
      series = datapoints(world, metric, stat.Stat!, stat.Period!, from, to).map(({ at, value }) => ({ at, value }));
    } else series = expressionValue(query.Expression!, (name) => resolve(name, [...path, id]), { from, to, period });
    results.set(id, series);
    return series;
  };
  for (const { Id } of queries) resolve(Id!);
  return results;
}
