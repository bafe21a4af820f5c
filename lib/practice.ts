import { Duration, Stack } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { EventField, Rule, RuleTargetInput } from "aws-cdk-lib/aws-events";
import { CompositePrincipal, Role } from "aws-cdk-lib/aws-iam";
import { CfnSchedule } from "aws-cdk-lib/aws-scheduler";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import type { PlanFunctions, PublishedFunction } from "./functions.ts";
import { machineOf } from "./machine.ts";
import { practiceName } from "./names.ts";
import { seconds } from "./plan/duration.ts";
import { type Practised, practisedOf } from "./plan/practice.ts";
import { registries } from "./plan/registries.ts";
import { type Practice, scheduleOf } from "./plan/schema/practice.ts";
import type { Plan } from "./plan/schema.ts";
import { addCleaner } from "./practice-cleaner.ts";
import { permit, serviceHere } from "./roles.ts";
import type { KindFunctions } from "./steps.ts";
import { TASK_SECONDS } from "./workflow/deadline.ts";
import { compilePractice } from "./workflow/practice.ts";

/**
 * The practice of a plan that asks for one: a state machine that restores beside the live service, its schedule, and
 * the clean-up. Its role knows the functions of the practised kinds alone.
 */
export function addPractice(
  scope: Construct,
  plan: Plan,
  functions: PlanFunctions,
  given: {
    topic: ITopic;
    kinds: KindFunctions;
    observer: Role;
    report: PublishedFunction;
    deadLetters: IQueue;
  },
): { machine: StateMachine; alarm: Alarm } | undefined {
  const { service, practice } = plan;
  if (!practice) return undefined;
  const { topic, kinds, observer, report, deadLetters } = given;
  const practised = practisedOf(plan, registries);
  const both = functions.publish("Practice", {
    bundle: "practice",
    description: "begins a practice and tells what came of it",
    role: observer,
    timeoutSeconds: TASK_SECONDS.handler,
    environment: { TOPIC_ARN: topic.topicArn },
  });
  const clean = addCleaner(scope, service, functions, practised.made);
  const { actions, checks } = usedBy(practised, kinds);
  const role = new Role(scope, "PracticeRole", {
    assumedBy: new CompositePrincipal(
      serviceHere(scope, "states"),
      serviceHere(scope, "events"),
      serviceHere(scope, "scheduler"),
    ),
    description: `Practises the restore of ${service}, and its schedule starts it`,
  });
  const machine = machineOf(scope, "PracticeMachine", {
    name: practiceName(service),
    definition: compilePractice(plan, registries, {
      practice: both.versionArn,
      clean: clean.versionArn,
      report: report.versionArn,
      actions: Object.fromEntries(
        Object.entries(actions).map(([kind, { read, write }]) => [
          kind,
          { read: read.versionArn, write: write.versionArn },
        ]),
      ),
      checks: Object.fromEntries(Object.entries(checks).map(([kind, { versionArn }]) => [kind, versionArn])),
      partition: Stack.of(scope).partition,
    }),
    functions: [
      both,
      clean,
      report,
      ...Object.values(actions).flatMap(({ read, write }) => [read, write]),
      ...Object.values(checks),
    ],
    role,
    scheduled: true,
  });
  addSchedule(scope, service, practice, { machine, role, deadLetters });
  cleanAfterAll(scope, service, machine, role);
  const alarm = new Alarm(scope, "PracticeFailed", {
    alarmName: `${service}-watchdog-practice`,
    alarmDescription: `The practice of ${service} failed, missed its objectives or left something behind: read its mail and its report, and look at the newest execution of ${practiceName(service)}`,
    metric: machine.metricFailed({ period: Duration.minutes(5), statistic: "Sum" }),
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    threshold: 0,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  alarm.addAlarmAction(new SnsAction(topic));
  return { machine, alarm };
}

/** The functions of what is practised. */
function usedBy({ stages }: Practised, kinds: KindFunctions): KindFunctions {
  const picked = <Value>(from: Record<string, Value>, names: string[]) =>
    Object.fromEntries([...new Set(names)].map((name) => [name, from[name]!]));
  return {
    actions: picked(
      kinds.actions,
      stages.flatMap(({ steps }) => steps.map(({ action }) => action)),
    ),
    checks: picked(
      kinds.checks,
      stages.flatMap((stage) => stage.checks.map(({ check }) => check)),
    ),
  };
}

/** A practice that was stopped or ran out of time runs no catcher, and so no clean-up: another execution does that. */
function cleanAfterAll(scope: Construct, service: string, machine: StateMachine, role: Role): void {
  new Rule(scope, "PracticeCutShort", {
    description: `A practice of ${service} was stopped or ran out of time: what it made is deleted`,
    eventPattern: {
      source: ["aws.states"],
      detailType: ["Step Functions Execution Status Change"],
      detail: { stateMachineArn: [machine.stateMachineArn], status: ["ABORTED", "TIMED_OUT"] },
    },
    targets: [
      {
        bind: () => ({
          arn: machine.stateMachineArn,
          role,
          input: RuleTargetInput.fromObject({ clean: EventField.fromPath("$.detail.name") }),
          targetResource: machine,
        }),
      },
    ],
  });
}

/** EventBridge Scheduler's longest window, minutes. */
const LONGEST_WINDOW = 1440;

function addSchedule(
  scope: Construct,
  service: string,
  practice: Practice,
  { machine, role, deadLetters }: { machine: StateMachine; role: Role; deadLetters: IQueue },
): void {
  const expression = scheduleOf(practice);
  if (expression === undefined) return;
  // A practice that could not be started is told like an alarm that could not be taken.
  permit(role, { actions: ["sqs:SendMessage"], resources: [deadLetters.queueArn] });
  const minutes = Math.min(LONGEST_WINDOW, Math.floor(seconds(practice.within) / 60));
  new CfnSchedule(scope, "PracticeSchedule", {
    name: practiceName(service),
    description: `When the restore of ${service} is practised`,
    scheduleExpression: expression,
    scheduleExpressionTimezone: practice.timezone,
    flexibleTimeWindow:
      minutes === 0 ? { mode: "OFF" } : { mode: "FLEXIBLE", maximumWindowInMinutes: minutes },
    state: "ENABLED",
    target: {
      arn: machine.stateMachineArn,
      roleArn: role.roleArn,
      input: JSON.stringify({ by: "its schedule" }),
      // Its next time is soon enough.
      deadLetterConfig: { arn: deadLetters.queueArn },
      retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 10 },
    },
  });
}
