import {
  type AlarmHistoryItem,
  CloudWatchClient,
  paginateDescribeAlarmHistory,
  paginateGetMetricData,
} from "@aws-sdk/client-cloudwatch";
import { paginateQuery } from "@aws-sdk/client-dynamodb";
import { tableName } from "../lib/names.ts";
import {
  backtest,
  type Finding,
  type PastMetric,
  type Transition,
  transitionsOf,
} from "../lib/plan/backtest.ts";
import { criteria } from "../lib/plan/criteria.ts";
import { seconds } from "../lib/plan/duration.ts";
import { loadPlanOrThrow } from "../lib/plan/load.ts";
import type { Plan } from "../lib/plan/schema.ts";
import { comparison, crosses, isBaseline } from "../lib/plan/threshold.ts";
import { isEvent, isMetric, type MetricTrigger } from "../lib/plan/trigger-kind.ts";
import { type AwsOptions, answer, clientOf, dynamodb, partitionOf } from "./commands/aws.ts";

type Criterion = ReturnType<typeof criteria>[number];
type Deployment = Parameters<typeof backtest>[0]["deployments"][number];

const DAY = 86_400_000;
/**
 * How long CloudWatch keeps points of which length, seconds.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#metrics-retention
 */
const KEPT = [
  { days: 15, period: 60 },
  { days: 63, period: 300 },
  { days: 455, period: 3600 },
];

/** What each trigger was replayed from. */
type Source = "metric" | "alarm history" | "not replayed: an event";

/** Replays the past `days` through a plan's own decisions and says what they would have done. */
export async function backtestPlan(file: string, options: AwsOptions, days: number): Promise<void> {
  const plan = loadPlanOrThrow(file);
  const to = Date.now();
  const from = to - days * DAY;
  const [read, deployments] = await Promise.all([
    Promise.all(criteria(plan).map((each) => pastOf(options, plan, each, from, to))),
    deploymentsOf(options, plan.service, from),
  ]);
  const findings = backtest({
    criteria: criteria(plan),
    transitions: read.flatMap(({ transitions }) => transitions),
    deployments: deployments ?? [],
    deploymentWindowSeconds: seconds(plan.deployments.window),
    ...(plan.deployments.hotfix ? { hotfixSeconds: seconds(plan.deployments.hotfix) } : {}),
  });
  const sources = Object.fromEntries(read.map(({ criterion, source }) => [criterion, source]));
  const result = {
    plan: plan.service,
    days,
    deployments: deployments?.length ?? null,
    rolledBack: findings.filter(({ decision }) => decision === "rollback").length,
    askedFor: findings.filter(({ decision }) => decision === "approve").length,
    likelyFalse: findings.filter(({ likelyFalse }) => likelyFalse).length,
    sources,
    findings,
  };
  answer(options, textOf(result), result);
}

async function pastOf(
  options: AwsOptions,
  plan: Plan,
  criterion: Criterion,
  from: number,
  to: number,
): Promise<{ criterion: string; source: Source; transitions: Transition[] }> {
  const trigger = plan.triggers.find(({ id }) => id === criterion.id)!;
  if (isEvent(trigger)) return { criterion: criterion.id, source: "not replayed: an event", transitions: [] };
  // What an alarm on an expression saw is only in its own history.
  if (isMetric(trigger) && !isBaseline(trigger.threshold) && !trigger.minimum && !trigger.percentOf) {
    const past = await Promise.all(parts(trigger, from, to).map((part) => metricOf(options, trigger, part)));
    return {
      criterion: criterion.id,
      source: "metric",
      transitions: past.flatMap((each) => transitionsOf(each, criterion)),
    };
  }
  return {
    criterion: criterion.id,
    source: "alarm history",
    transitions: await historyOf(options, criterion, from, to),
  };
}

interface Part {
  from: number;
  to: number;
  period: number;
}

/** The time asked for, in parts by how finely CloudWatch still has it; a period never shorter than the trigger's own. */
function parts({ metric }: MetricTrigger, from: number, to: number): Part[] {
  const own = Math.max(60, seconds(metric.period));
  return KEPT.flatMap(({ days, period }, index) => {
    const upper = index === 0 ? to : to - KEPT[index - 1]!.days * DAY;
    const lower = Math.max(from, to - days * DAY);
    return lower < upper ? [{ from: lower, to: upper, period: Math.ceil(own / period) * period }] : [];
  });
}

async function metricOf(
  options: AwsOptions,
  { id, metric, threshold }: MetricTrigger,
  part: Part,
): Promise<PastMetric> {
  const step = part.period * 1000;
  const points: PastMetric["points"] = [];
  const limit = comparison(threshold);
  for await (const { MetricDataResults = [] } of paginateGetMetricData(
    { client: new CloudWatchClient(clientOf(options)) },
    {
      StartTime: new Date(Math.floor(part.from / step) * step),
      EndTime: new Date(Math.floor(part.to / step) * step),
      ScanBy: "TimestampAscending",
      MetricDataQueries: [
        {
          Id: "metric",
          MetricStat: {
            Metric: {
              Namespace: metric.namespace,
              MetricName: metric.name,
              Dimensions: Object.entries(metric.dimensions ?? {}).map(([Name, Value]) => ({ Name, Value })),
            },
            Period: part.period,
            Stat: metric.statistic,
          },
        },
      ],
    },
  ))
    for (const { Timestamps = [], Values = [] } of MetricDataResults)
      points.push(...Timestamps.map((at, index) => ({ at: at.getTime(), value: Values[index]! })));
  return { criterion: id, breaches: (value) => crosses(value, limit), periodSeconds: part.period, points };
}

async function historyOf(
  options: AwsOptions,
  { id, alarm }: Criterion,
  from: number,
  to: number,
): Promise<Transition[]> {
  const found: AlarmHistoryItem[] = [];
  for await (const { AlarmHistoryItems = [] } of paginateDescribeAlarmHistory(
    { client: new CloudWatchClient(clientOf(options)) },
    {
      AlarmName: alarm,
      AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
      HistoryItemType: "StateUpdate",
      StartDate: new Date(from),
      EndDate: new Date(to),
    },
  ))
    found.push(...AlarmHistoryItems);
  return found.flatMap(({ Timestamp, HistoryData = "{}" }) => {
    const { newState } = JSON.parse(HistoryData) as { newState?: { stateValue?: Transition["state"] } };
    return Timestamp && newState?.stateValue
      ? [{ criterion: id, at: Timestamp.getTime(), state: newState.stateValue }]
      : [];
  });
}

/** What was recorded; undefined where the plan has no watchdog yet. */
async function deploymentsOf(
  options: AwsOptions,
  service: string,
  from: number,
): Promise<Deployment[] | undefined> {
  const found: Deployment[] = [];
  try {
    for await (const { Items = [] } of paginateQuery(
      { client: dynamodb(options) },
      {
        TableName: tableName(service),
        KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
        ExpressionAttributeValues: {
          ":pk": partitionOf(service),
          ":from": { S: `DEPLOYMENT#${new Date(from - 30 * DAY).toISOString()}` },
          ":to": { S: "DEPLOYMENT#~" },
        },
      },
    ))
      found.push(
        ...Items.flatMap(({ deployment }) => (deployment?.S ? [JSON.parse(deployment.S) as Deployment] : [])),
      );
  } catch (error) {
    if ((error as Error).name !== "ResourceNotFoundException") throw error;
    return undefined;
  }
  return found;
}

function textOf(result: {
  plan: string;
  days: number;
  deployments: number | null;
  rolledBack: number;
  askedFor: number;
  likelyFalse: number;
  sources: Record<string, Source>;
  findings: Finding[];
}): string {
  const { plan, days, deployments, rolledBack, askedFor, likelyFalse, sources, findings } = result;
  return [
    `${plan}, the last ${days} days: would have rolled back ${rolledBack} times, asked a person ${askedFor} times; ${likelyFalse} criteria held without a deployment (likely false).`,
    deployments === null
      ? "No deployments are known: this plan has no watchdog here yet, so every rollback turns into a notice."
      : `${deployments} deployments are recorded.`,
    ...Object.entries(sources).map(([criterion, source]) => `  ${criterion}: ${source}`),
    ...findings.map(
      ({ at, criterion, decision, likelyFalse: doubtful, because }) =>
        `${at}  ${decision.padEnd(8)}  ${criterion}${doubtful ? " (likely false)" : ""}: ${because}`,
    ),
    "Points older than 15 days are known as 5-minute values only, older than 63 days as 1-hour values: short peaks are not seen there.",
  ].join("\n");
}
