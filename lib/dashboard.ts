import {
  Alarm,
  type AlarmBase,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
} from "aws-cdk-lib/aws-cloudwatch";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { dashboardName } from "./names.ts";
import type { Plan } from "./plan/schema.ts";

/** One screen: the alarms, what they measure, the runs, and the watchdog's own health. */
export function addDashboard(
  scope: Construct,
  plan: Plan,
  given: { alarms: AlarmBase[]; own: Alarm[]; machine: StateMachine; functions: IFunction[] },
): void {
  const { alarms, own, machine, functions } = given;
  const graph = (title: string, left: IMetric[]) => new GraphWidget({ title, left, width: 12 });
  // Several criteria may look at one metric.
  const measured = new Map(
    alarms
      .filter((alarm) => alarm instanceof Alarm)
      .map((alarm) => [JSON.stringify(alarm.metric.toMetricConfig()), alarm.metric]),
  );
  new Dashboard(scope, "Dashboard", {
    dashboardName: dashboardName(plan.service),
    widgets: [
      [
        new AlarmStatusWidget({ title: `Alarms of ${plan.service}`, alarms, width: 12 }),
        new AlarmStatusWidget({ title: "The watchdog itself", alarms: own, width: 12 }),
      ],
      [
        graph("What the alarms measure", [...measured.values()]),
        graph("Runs", [
          machine.metricStarted(),
          machine.metricSucceeded(),
          machine.metricFailed(),
          machine.metricTimedOut(),
          machine.metricAborted(),
        ]),
      ],
      [
        graph(
          "Errors of functions",
          functions.map((fn) => fn.metricErrors({ label: fn.node.id })),
        ),
        graph(
          "Time of functions, the longest (ms)",
          functions.map((fn) => fn.metricDuration({ label: fn.node.id, statistic: "Maximum" })),
        ),
      ],
    ],
  });
}
