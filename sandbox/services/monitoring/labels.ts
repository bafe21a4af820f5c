import type { MetricDataQuery } from "@aws-sdk/client-cloudwatch";

/**
 * A label for each query that came without one: the metric's name, and of statistic and period whatever differs
 * among the queries. `${AVG}`, `${MIN}`, `${MAX}`, `${SUM}`, `${LAST}` and the like in given labels are filled in.
 */
export function labelsOf(queries: MetricDataQuery[]): ((values: number[]) => string)[] {
  const stats = queries.flatMap(({ MetricStat }) => MetricStat ?? []);
  const differ = (of: (stat: (typeof stats)[number]) => unknown) => new Set(stats.map(of)).size > 1;
  const several = { stat: differ(({ Stat }) => Stat), period: differ(({ Period }) => Period) };
  return queries.map((query) => {
    const { Label, MetricStat } = query;
    if (Label !== undefined) return (values) => filled(Label, query, values);
    if (!MetricStat) return () => query.Id!;
    const parts = [
      MetricStat.Metric?.MetricName,
      several.stat ? MetricStat.Stat : undefined,
      several.period ? MetricStat.Period : undefined,
    ];
    return () => parts.filter((part) => part !== undefined).join(" ");
  });
}

function filled(label: string, { MetricStat }: MetricDataQuery, values: number[]): string {
  const numbers: Record<string, () => number | undefined> = {
    AVG: () => values.reduce((sum, value) => sum + value, 0) / values.length,
    SUM: () => values.reduce((sum, value) => sum + value, 0),
    MIN: () => Math.min(...values),
    MAX: () => Math.max(...values),
    FIRST: () => values[0],
    LAST: () => values.at(-1),
    DATAPOINT_COUNT: () => values.length,
  };
  const texts: Record<string, string | undefined> = {
    "PROP('MetricName')": MetricStat?.Metric?.MetricName,
    "PROP('Namespace')": MetricStat?.Metric?.Namespace,
    "PROP('Stat')": MetricStat?.Stat,
    "PROP('Period')": MetricStat?.Period === undefined ? undefined : String(MetricStat.Period),
  };
  return label.replaceAll(/\$\{([^}]+)\}/g, (whole, name: string) => {
    const dimension = /^PROP\('Dim\.(.+)'\)$/.exec(name)?.[1];
    if (dimension)
      return MetricStat?.Metric?.Dimensions?.find(({ Name }) => Name === dimension)?.Value ?? "--";
    const number = numbers[name];
    if (number) return values.length === 0 ? "--" : String(number());
    return texts[name] ?? whole;
  });
}
