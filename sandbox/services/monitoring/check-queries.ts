import type { MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import { ServiceException } from "../../service.ts";
import { parsedExpression } from "./queries.ts";
import { statisticNamed } from "./statistics.ts";

const MOST_QUERIES = 500;
const invalid = (message: string) => new ServiceException("ValidationError", message);

/** Refuses what CloudWatch refuses of GetMetricData's queries and of an alarm's metrics. */
export function checkQueries(queries: MetricDataQuery[]): void {
  if (queries.length === 0) throw invalid("The parameter MetricDataQueries is required.");
  if (queries.length > MOST_QUERIES)
    throw invalid(`The collection MetricDataQueries must not have a size greater than ${MOST_QUERIES}.`);
  const ids = new Set<string>();
  for (const [index, query] of queries.entries()) {
    const member = `MetricDataQueries.member.${index + 1}`;
    const id = query.Id ?? "";
    if (!/^[a-z][a-zA-Z0-9_]{0,254}$/.test(id))
      throw invalid(
        `The value ${id} for parameter ${member}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
      );
    if (ids.has(id)) throw invalid(`The values for parameter Id in MetricDataQueries are not unique.`);
    ids.add(id);
    if (query.MetricStat && query.Expression)
      throw invalid(
        `The parameters ${member}.Expression and ${member}.MetricStat are mutually exclusive and you have specified both.`,
      );
    if (!query.MetricStat && !query.Expression)
      throw invalid(`Either ${member}.MetricStat or ${member}.Expression must be specified.`);
    if (query.Expression) parsedExpression(query);
    else {
      checkPeriod(query.MetricStat!.Period, `${member}.MetricStat.Period`);
      statisticNamed(query.MetricStat!.Stat ?? "");
    }
  }
}

/** 1, 5, 10, 20, 30 or whole minutes. */
export function checkPeriod(period: number | undefined, parameter: string): void {
  if (period === undefined || (![1, 5, 10, 20, 30].includes(period) && (period < 60 || period % 60 !== 0)))
    throw invalid(
      `The parameter ${parameter} must be 1, 5, 10, 20, 30 or a multiple of 60, and is ${period ?? "not given"}.`,
    );
}
