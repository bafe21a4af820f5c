import type {
  GetMetricDataCommandInput,
  GetMetricDataCommandOutput,
  MetricDataQuery,
  MetricDataResult,
} from "@aws-sdk/client-cloudwatch";
import { operation, ServiceException } from "../../service.ts";
import { checkQueries } from "./check-queries.ts";
import { labelsOf } from "./labels.ts";
import { type Result, resultsOf } from "./queries.ts";

/** Datapoints in one answer unless fewer are asked for. */
const MOST_DATAPOINTS = 100_800;

/** Series of metrics and of expressions over them, newest first unless asked otherwise. */
export const GetMetricData = operation<
  GetMetricDataCommandInput,
  Omit<GetMetricDataCommandOutput, "$metadata">
>({
  authorize: () => [{ action: "cloudwatch:GetMetricData", resources: ["*"] }],
  run: (input, { world }) => {
    const queries = input.MetricDataQueries ?? [];
    const [from, to] = [input.StartTime!.getTime(), input.EndTime!.getTime()];
    if (from >= to)
      throw new ServiceException(
        "ValidationError",
        "The parameter EndTime must be greater than the parameter StartTime",
      );
    checkQueries(queries);
    const results = resultsOf(world, queries, from, to);
    const wanted = queries.filter(({ ReturnData }) => ReturnData !== false);
    const labels = labelsOf(wanted);
    const all = wanted.flatMap((query, index) =>
      results.get(query.Id!)!.map((result) => answer(query, labels[index]!, result, input.ScanBy)),
    );
    return page(all, input.MaxDatapoints ?? MOST_DATAPOINTS, input.NextToken);
  },
});

function answer(
  query: MetricDataQuery,
  label: (values: number[]) => string,
  { series, units }: Result,
  order: GetMetricDataCommandInput["ScanBy"],
): MetricDataResult {
  const points = order === "TimestampAscending" ? series.points : series.points.toReversed();
  return {
    Id: query.Id,
    Label: label(series.points.map(({ value }) => value)),
    Timestamps: points.map(({ at }) => new Date(at)),
    Values: points.map(({ value }) => value),
    StatusCode: "Complete",
    ...(units.length > 1
      ? {
          Messages: [
            { Code: "MultipleUnits", Value: `Multiple units returned: '[${units.toSorted().join(", ")}]'` },
          ],
        }
      : {}),
  };
}

/** Each answer holds the same number of newest (or oldest) datapoints of every series; the token counts them. */
function page(
  all: MetricDataResult[],
  most: number,
  token: string | undefined,
): Omit<GetMetricDataCommandOutput, "$metadata"> {
  const skip = token === undefined ? 0 : Number(Buffer.from(token, "base64url").toString());
  if (!Number.isInteger(skip))
    throw new ServiceException("InvalidNextToken", "The specified nextToken is invalid.");
  const each = Math.max(1, Math.floor(most / Math.max(1, all.length)));
  const more = all.some(({ Values = [] }) => Values.length > skip + each);
  return {
    Messages: [],
    MetricDataResults: all.map((result) => ({
      ...result,
      Timestamps: result.Timestamps?.slice(skip, skip + each),
      Values: result.Values?.slice(skip, skip + each),
      StatusCode:
        (result.Values?.length ?? 0) > skip + each ? ("PartialData" as const) : ("Complete" as const),
    })),
    ...(more ? { NextToken: Buffer.from(String(skip + each)).toString("base64url") } : {}),
  };
}
