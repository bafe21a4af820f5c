import { Duration } from "aws-cdk-lib";
import type { Alarm } from "aws-cdk-lib/aws-cloudwatch";
import { Rule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import type { Plan } from "./plan/schema.ts";

/** EventBridge rules: the second path from alarm to run, and the deployments that pipelines announce. */
export function addRules(
  scope: Construct,
  plan: Plan,
  given: {
    alarms: Map<string, Alarm>;
    trigger: IFunction;
    deployment: IFunction;
    deadLetters: IQueue;
    alarmAge: Duration;
  },
): void {
  const target = (fn: IFunction, maxEventAge: Duration) =>
    new LambdaFunction(fn, { deadLetterQueue: given.deadLetters, retryAttempts: 185, maxEventAge });
  new Rule(scope, "AlarmRang", {
    description: `An alarm of ${plan.service} went to ALARM`,
    eventPattern: {
      source: ["aws.cloudwatch"],
      detailType: ["CloudWatch Alarm State Change"],
      resources: [...given.alarms.values()].map((alarm) => alarm.alarmArn),
      detail: { state: { value: ["ALARM"] } },
    },
    targets: [target(given.trigger, given.alarmAge)],
  });
  new Rule(scope, "Deployed", {
    description: `A pipeline deployed ${plan.service}`,
    eventPattern: {
      source: ["watchdog.deployment"],
      detailType: ["Deployment"],
      detail: { service: [plan.service] },
    },
    // A deployment is worth knowing of for as long as EventBridge keeps trying.
    targets: [target(given.deployment, Duration.hours(24))],
  });
}
