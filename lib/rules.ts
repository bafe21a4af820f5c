import { Duration, Stack } from "aws-cdk-lib";
import type { AlarmBase } from "aws-cdk-lib/aws-cloudwatch";
import { EventField, Rule, RuleTargetInput } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { JOINED } from "../lambdas/runtime/names.ts";
import type { Plan } from "./plan/schema.ts";
import { isEvent } from "./plan/trigger-kind.ts";

/** EventBridge rules: the second path from alarm to run, and the deployments that pipelines announce. */
export function addRules(
  scope: Construct,
  plan: Plan,
  given: {
    alarms: Map<string, AlarmBase>;
    trigger: IFunction;
    deployment: IFunction;
    deadLetters: IQueue;
    alarmAge: Duration;
  },
): void {
  const target = (fn: IFunction, maxEventAge: Duration, event?: RuleTargetInput) =>
    new LambdaFunction(fn, {
      deadLetterQueue: given.deadLetters,
      retryAttempts: 185,
      maxEventAge,
      ...(event ? { event } : {}),
    });
  for (const { id, event } of plan.triggers.filter(isEvent))
    new Rule(scope, `Event-${id}`, {
      description: `What the trigger ${id} of ${plan.service} waits for`,
      eventPattern: {
        source: event.source,
        detailType: event.detailType,
        ...(event.detail ? { detail: event.detail } : {}),
      },
      targets: [
        target(
          given.trigger,
          given.alarmAge,
          // The function cannot know which rule matched, unless the rule says so.
          RuleTargetInput.fromObject({
            criterion: id,
            id: EventField.eventId,
            source: EventField.source,
            detailType: EventField.detailType,
            time: EventField.time,
            detail: EventField.fromPath("$.detail"),
          }),
        ),
      ],
    });
  if (given.alarms.size > 0)
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
  new Rule(scope, "JoinedRunEnded", {
    description: `What joined a run of ${plan.service} that changed nothing`,
    eventPattern: {
      account: [Stack.of(scope).account],
      source: [JOINED.source],
      detailType: [JOINED.detailType],
      detail: { service: [plan.service] },
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
