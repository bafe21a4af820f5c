import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  type MetricAlarm,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
} from "@aws-sdk/client-cloudwatch";
import { clientSettings, once } from "../../runtime/clients.ts";
import { refusal, WatchdogError } from "../../runtime/errors.ts";
import { serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { sameSettings, settingsOf } from "./settings.ts";
import { alarmAdjust } from "./spec.ts";

const cloudwatch = once(() => new CloudWatchClient(clientSettings));
type Input = { alarm: string; threshold: number };
type Before = { settings: Record<string, unknown>; threshold: number };

async function find(alarm: string): Promise<MetricAlarm | undefined> {
  const { MetricAlarms } = await cloudwatch().send(
    new DescribeAlarmsCommand({ AlarmNames: [alarm], AlarmTypes: ["MetricAlarm"] }),
  );
  return MetricAlarms?.[0];
}

/** Puts the alarm from one state into the other; CloudWatch has no compare-and-set, so it is read right before. */
async function put(alarm: string, from: Before["settings"], to: Before["settings"]) {
  const found = await find(alarm);
  const now = found && settingsOf(found);
  const threshold = to["Threshold"] as number;
  const answer = { done: true, note: `${alarm} has the threshold ${threshold}`, outputs: { threshold } };
  if (now && sameSettings(now, to)) return answer;
  if (!now || !sameSettings(now, from))
    throw new WatchdogError(
      "ChangedSincePreflight",
      `The alarm ${alarm} is ${now ? "not as this run knows it" : "gone"}: somebody changed it. It was left alone. Compare it with the report, which holds what it was.`,
    );
  await cloudwatch().send(new PutMetricAlarmCommand(to as unknown as PutMetricAlarmCommandInput));
  return answer;
}

const tightened = ({ settings, threshold }: Before) => ({ ...settings, Threshold: threshold });

export const verbs: Verbs<Input, Before> = {
  async preflight({ alarm, threshold }) {
    const found = await find(alarm);
    if (!found) throw refusal(`There is no metric alarm ${alarm}. Nothing was changed. Correct the plan.`);
    const { Threshold: own, ComparisonOperator: operator = "" } = found;
    if (own === undefined || found.ThresholdMetricId)
      throw refusal(
        `The alarm ${alarm} has no threshold of its own (anomaly detection). Nothing was changed. Name another alarm.`,
      );
    const looser = operator.startsWith("GreaterThan") ? threshold > own : threshold < own;
    if (looser)
      throw refusal(
        `${alarm} rings at ${own}, and ${threshold} would make it ring later. Nothing was changed. Write a tighter threshold.`,
      );
    return {
      before: { settings: settingsOf(found), threshold },
      after: { threshold },
      summary: `alarm ${alarm}: threshold ${own} → ${threshold}`,
      expects: { threshold },
    };
  },
  apply: ({ alarm }, { before }) => put(alarm, before.settings, tightened(before)),
  revert: ({ alarm }, { before }) => put(alarm, tightened(before), before.settings),
  async poll({ alarm }, { before }, { phase }) {
    const wanted = phase === "apply" ? before.threshold : (before.settings["Threshold"] as number);
    const now = (await find(alarm))?.Threshold;
    return {
      done: now === wanted,
      note: `${alarm} has the threshold ${now ?? "of no alarm"}`,
      outputs: { threshold: wanted },
    };
  },
};

export const handler = serveAction(alarmAdjust, verbs);
