import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { World } from "../../world.ts";
import { dayText } from "./day-text.ts";
import { periodOf } from "./evaluate.ts";
import { number } from "./reason.ts";
import { regionName } from "./sns-message.ts";
import type { Alarm } from "./state.ts";
import type { Change } from "./told.ts";

const list = (arns: string[] | undefined) => (arns?.length ? `[${arns.join(", ")}]` : "");

/** What an alarm says to people: the body that e-mail subscriptions of its topic get. */
export function mailMessage(world: World, alarm: Alarm, { state, previousState }: Change): string {
  const given = (alarm.metric ?? alarm.composite)!;
  const at = dayText(alarm.state.updatedAt);
  const console = `https://${world.region}.console.aws.amazon.com/cloudwatch/deeplink.js?region=${world.region}`;
  return [
    `You are receiving this email because your Amazon CloudWatch Alarm "${alarm.name}" in the ${regionName(world.region)} region ` +
      `has entered the ${state.value} state, because "${state.reason}" at "${at}".`,
    `View this alarm in the AWS Management Console:\n${console}#alarmsV2:alarm/${encodeURIComponent(alarm.name)}`,
    [
      "Alarm Details:",
      `- Name:                       ${alarm.name}`,
      `- Description:                ${given.AlarmDescription ?? ""}`,
      `- State Change:               ${previousState.value} -> ${state.value}`,
      `- Reason for State Change:    ${state.reason}`,
      `- Timestamp:                  ${at}`,
      `- AWS Account:                ${world.account}`,
      `- Alarm Arn:                  ${alarm.arn}`,
    ].join("\n"),
    ...(alarm.metric ? metricParts(alarm.metric) : [`Alarm Rule:\n- ${alarm.composite?.AlarmRule}`]),
    [
      "State Change Actions:",
      `- OK: ${list(given.OKActions)}`,
      `- ALARM: ${list(given.AlarmActions)}`,
      `- INSUFFICIENT_DATA: ${list(given.InsufficientDataActions)}`,
    ].join("\n"),
  ].join("\n\n");
}

function metricParts(metric: MetricAlarm): string[] {
  const { EvaluationPeriods: n, DatapointsToAlarm: m = n } = metric;
  const threshold =
    `Threshold:\n- The alarm is in the ALARM state when the metric is ${metric.ComparisonOperator} ${number(metric.Threshold!)} ` +
    `for at least ${m} of the last ${n} period(s) of ${periodOf(metric)} seconds.`;
  if (!metric.MetricName) return [threshold];
  const dimensions = (metric.Dimensions ?? []).map(({ Name, Value }) => `${Name} = ${Value}`).join(", ");
  const monitored = [
    "Monitored Metric:",
    `- MetricNamespace:                     ${metric.Namespace}`,
    `- MetricName:                          ${metric.MetricName}`,
    `- Dimensions:                          [${dimensions}]`,
    `- Period:                              ${metric.Period} seconds`,
    `- Statistic:                           ${metric.Statistic ?? metric.ExtendedStatistic}`,
    `- Unit:                                ${metric.Unit ?? "not specified"}`,
    `- TreatMissingData:                    ${metric.TreatMissingData ?? "missing"}`,
  ];
  return [threshold, monitored.join("\n")];
}
