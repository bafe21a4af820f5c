import { Duration } from "aws-cdk-lib";
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  Metric,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { EventField, type IRuleTarget, Rule, RuleTargetInput } from "aws-cdk-lib/aws-events";
import { SnsTopic } from "aws-cdk-lib/aws-events-targets";
import type { IRole } from "aws-cdk-lib/aws-iam";
import { type ITopic, Topic } from "aws-cdk-lib/aws-sns";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import type { NoticeTopics } from "./notifications.ts";

/** What watches the watchdog: an event or a notice that was lost, and a run that could not announce its own end. */
export function addSelfAlarms(
  scope: Construct,
  service: string,
  {
    topics,
    deadLetters,
    machine,
    ladder,
  }: { topics: NoticeTopics; deadLetters: IQueue; machine: StateMachine; ladder: Ladder | undefined },
): Alarm[] {
  const topic = topics.notices;
  const alarm = (id: string, name: string, metric: IMetric, alarmDescription: string) => {
    const made = new Alarm(scope, id, {
      alarmName: `${service}-watchdog-${name}`,
      alarmDescription,
      metric,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: 0,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    made.addAlarmAction(new SnsAction(topic));
    return made;
  };
  const period = Duration.minutes(1);
  tellOfSilentEnds(scope, service, topic, machine, ladder, deadLetters);
  return [
    alarm(
      "Undelivered",
      "undelivered",
      deadLetters.metricApproximateNumberOfMessagesVisible({ period, statistic: "Maximum" }),
      `The watchdog of ${service} did not receive an alarm, a deployment or the time of a practice, or could not tell people something: read its dead-letter queue, look at the runs (watchdog status ${service}), and start by hand what is due`,
    ),
    alarm(
      "Unannounced",
      "unannounced",
      new Metric({
        namespace: "RollbackWatchdog",
        metricName: "FailedNotifications",
        // What lambdas/runtime/tell writes: Powertools' own dimension and the plan's service.
        dimensionsMap: { service, Service: service },
        statistic: "Sum",
        period,
      }),
      `A notice of ${service} could not be published: look at the run itself in the state machine ${machine.stateMachineName}`,
    ),
  ];
}

/** The escalation ladder, and the role under which a rule starts it. */
export interface Ladder {
  machine: StateMachine;
  role: IRole;
}

/** The target of a rule that starts the ladder with the event as its input. */
export const startsLadder = ({ machine, role }: Ladder, deadLetters: IQueue): IRuleTarget => ({
  bind: () => ({
    arn: machine.stateMachineArn,
    role,
    deadLetterConfig: { arn: deadLetters.queueArn },
    targetResource: machine,
  }),
});

/** A run that a person stopped, or whose deadline passed, runs no catcher and so announces nothing and calls nobody itself. */
function tellOfSilentEnds(
  scope: Construct,
  service: string,
  topic: ITopic,
  machine: StateMachine,
  ladder: Ladder | undefined,
  deadLetterQueue: IQueue,
): void {
  const field = (name: string) => EventField.fromPath(`$.detail.${name}`);
  new Rule(scope, "EndedSilently", {
    description: `A run of ${service} was stopped or ran out of time`,
    eventPattern: {
      source: ["aws.states"],
      detailType: ["Step Functions Execution Status Change"],
      detail: { stateMachineArn: [machine.stateMachineArn], status: ["ABORTED", "TIMED_OUT"] },
    },
    targets: [
      ...(ladder ? [startsLadder(ladder, deadLetterQueue)] : []),
      // By its ARN: the target would give itself a statement in the topic's policy that any account's rules fit.
      new SnsTopic(Topic.fromTopicArn(scope, "NoticesByArn", topic.topicArn), {
        deadLetterQueue,
        message: RuleTargetInput.fromText(
          `Run ${field("name")} of ${service} ended ${field("status")}, in the middle: what it had changed stays changed, ` +
            `and it keeps the lock. Look at ${field("executionArn")} for what was done, put the rest right by hand, ` +
            `then: watchdog release ${service}`,
        ),
      }),
    ],
  });
}
