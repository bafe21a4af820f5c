import type {
  MetricDatum,
  PutMetricDataCommandInput,
  PutMetricDataCommandOutput,
} from "@aws-sdk/client-cloudwatch";
import { operation, ServiceException } from "../../service.ts";
import { addDatum } from "./metrics.ts";

const HOUR = 3_600_000;
const TWO_WEEKS = 14 * 24 * HOUR;
const MOST_DATA = 1_000;
const MOST_VALUES = 150;
const MOST_DIMENSIONS = 30;

const combination = (message: string) =>
  new ServiceException("InvalidParameterCombinationException", message);
const invalid = (message: string) => new ServiceException("InvalidParameterValueException", message);

/** Adds samples; one that is refused refuses all of them. */
export const PutMetricData = operation<
  PutMetricDataCommandInput,
  Omit<PutMetricDataCommandOutput, "$metadata">
>({
  authorize: (input) => [
    {
      action: "cloudwatch:PutMetricData",
      resources: ["*"],
      context: { "cloudwatch:namespace": input.Namespace ?? "" },
    },
  ],
  run: (input, { world }) => {
    const namespace = input.Namespace ?? "";
    if (namespace === "")
      throw new ServiceException("MissingRequiredParameterException", "The parameter Namespace is required.");
    if (namespace.startsWith("AWS/")) throw invalid("The value AWS/ for parameter Namespace is invalid.");
    const data = [
      ...(input.MetricData ?? []),
      ...(input.EntityMetricData ?? []).flatMap(({ MetricData = [] }) => MetricData),
    ];
    if (data.length === 0)
      throw new ServiceException(
        "MissingRequiredParameterException",
        "The parameter MetricData is required.",
      );
    if (data.length > MOST_DATA)
      throw invalid(`The collection MetricData must not have a size greater than ${MOST_DATA}.`);
    for (const [index, datum] of data.entries()) check(datum, index + 1, world.clock.now());
    for (const datum of data) addDatum(world, namespace, datum);
    return {};
  },
});

function check(datum: MetricDatum, number: number, now: number): void {
  const name = (member: string) => `MetricData.member.${number}.${member}`;
  if (!datum.MetricName)
    throw new ServiceException(
      "MissingRequiredParameterException",
      `The parameter ${name("MetricName")} is required.`,
    );
  const exclusive = (first: "Value", second: "Values" | "StatisticValues") => {
    const given = second === "Values" ? datum.Values?.length : datum.StatisticValues;
    if (datum[first] !== undefined && given)
      throw combination(
        `The parameters ${name(first)} and ${name(second)} are mutually exclusive and you have specified both.`,
      );
  };
  exclusive("Value", "Values");
  exclusive("Value", "StatisticValues");
  if (datum.Value === undefined && !datum.Values?.length && !datum.StatisticValues)
    throw combination(
      `At least one of the parameters ${name("Value")}, ${name("Values")} or ${name("StatisticValues")} must be specified.`,
    );
  if (datum.Counts?.length && datum.Counts.length !== (datum.Values?.length ?? 0))
    throw invalid(`The parameters ${name("Values")} and ${name("Counts")} must be of the same size.`);
  if ((datum.Values?.length ?? 0) > MOST_VALUES)
    throw invalid(`The collection ${name("Values")} must not have a size greater than ${MOST_VALUES}.`);
  if ((datum.Dimensions?.length ?? 0) > MOST_DIMENSIONS)
    throw invalid(
      `The collection ${name("Dimensions")} must not have a size greater than ${MOST_DIMENSIONS}.`,
    );
  for (const value of [datum.Value, ...(datum.Values ?? [])])
    if (value !== undefined && !Number.isFinite(value))
      throw invalid(`The value ${value} for parameter ${name("Value")} is invalid.`);
  if (
    datum.StorageResolution !== undefined &&
    datum.StorageResolution !== 1 &&
    datum.StorageResolution !== 60
  )
    throw invalid(`The parameter ${name("StorageResolution")} must be 1 or 60.`);
  const at = datum.Timestamp?.getTime() ?? now;
  if (at > now + 2 * HOUR)
    throw invalid(
      `The parameter ${name("Timestamp")} must specify a time no more than two hours in the future.`,
    );
  if (at < now - TWO_WEEKS)
    throw invalid(`The parameter ${name("Timestamp")} must specify a time within the past two weeks.`);
}
