import { type Alarm, AlarmStatusWidget, Dashboard, GraphWidget } from "aws-cdk-lib/aws-cloudwatch";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import type { Plan } from "./plan/schema.ts";

/** One screen: the alarms, what they measure, and the runs. */
export function addDashboard(
  scope: Construct,
  plan: Plan,
  alarms: Map<string, Alarm>,
  machine: StateMachine,
): void {
  new Dashboard(scope, "Dashboard", {
    dashboardName: `${plan.service}-watchdog`,
    widgets: [
      [
        new AlarmStatusWidget({
          title: `Alarms of ${plan.service}`,
          alarms: [...alarms.values()],
          width: 24,
        }),
      ],
      [
        new GraphWidget({
          title: "What the alarms measure",
          left: [...new Map([...alarms.values()].map((alarm) => [`${alarm.metric}`, alarm.metric])).values()],
          width: 12,
        }),
        new GraphWidget({
          title: "Runs",
          left: [machine.metricStarted(), machine.metricSucceeded(), machine.metricFailed()],
          width: 12,
        }),
      ],
    ],
  });
}
