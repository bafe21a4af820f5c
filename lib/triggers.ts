import { Duration } from "aws-cdk-lib";
import type { AlarmBase } from "aws-cdk-lib/aws-cloudwatch";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import type { Role } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { SqsDestination } from "aws-cdk-lib/aws-lambda-destinations";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { addAlarms } from "./alarms.ts";
import type { PlanFunctions } from "./functions.ts";
import { putJoinedBack, READ_ALARMS, WAKE_HOLDS } from "./handlers.ts";
import { redeployName, stateMachineName } from "./names.ts";
import { alarmName } from "./plan/criteria.ts";
import { seconds } from "./plan/duration.ts";
import { takesRampBack } from "./plan/redeploy.ts";
import type { Plan } from "./plan/schema.ts";
import { alarmTriggers, isEvent } from "./plan/trigger-kind.ts";
import { arnBuilder, functionRole } from "./roles.ts";
import { addRules } from "./rules.ts";
import { keepsRows } from "./store.ts";
import { TASK_SECONDS } from "./workflow/deadline.ts";

/** Lambda keeps an asynchronous event this long at the most, and at least a minute. */
const LONGEST_ASYNC = Duration.hours(6);
const SHORTEST_ASYNC = Duration.minutes(1);

/** From a metric to a run: alarms, both delivery paths, and the function that makes one run of them. */
export function addTriggers(
  scope: Construct,
  plan: Plan,
  functions: PlanFunctions,
  given: { machine: StateMachine; table: Table; deadLetters: IQueue; keeper: Role },
): { trigger: LambdaFunction; alarms: Map<string, AlarmBase> } {
  const { service } = plan;
  const trigger = functions.add("Trigger", {
    bundle: "trigger",
    description: "turns an alarm into one run",
    role: functionRole(scope, "TriggerRole", {
      description: `Starts runs of ${service}`,
      permissions: [
        keepsRows(given.table, service),
        READ_ALARMS,
        putJoinedBack(scope),
        { actions: ["states:StartExecution"], resources: [given.machine.stateMachineArn] },
        {
          actions: ["states:DescribeExecution"],
          resources: [stateMachineName(service), ...(plan.redeploy ? [redeployName(service)] : [])].map(
            (name) => arnBuilder(scope).of("states", `execution:${name}:*`),
          ),
        },
        ...(plan.redeploy ? [WAKE_HOLDS] : []),
      ],
    }),
    timeoutSeconds: TASK_SECONDS.handler,
    environment: {
      STATE_MACHINE_ARN: given.machine.stateMachineArn,
      ALARMS: JSON.stringify(
        Object.fromEntries(alarmTriggers(plan).map(({ id }) => [alarmName(plan, id), id])),
      ),
      EVENTS: JSON.stringify(plan.triggers.filter(isEvent).map(({ id }) => id)),
      EVENT_AGE_SECONDS: String(seconds(plan.budget.eventAge)),
      ...(plan.redeploy ? { RAMP_CRITERIA: JSON.stringify(takesRampBack(plan)) } : {}),
    },
  });
  const deployment = functions.add("Deployment", {
    bundle: "deployment",
    description: "records deployments",
    role: given.keeper,
    timeoutSeconds: TASK_SECONDS.handler,
  });
  // An event that is too old to start anything is worth no more attempts, but a person must hear of it.
  const alarmAge = within(seconds(plan.budget.eventAge));
  const lost = (fn: LambdaFunction, maxEventAge: Duration) =>
    fn.configureAsyncInvoke({
      maxEventAge,
      retryAttempts: 2,
      onFailure: new SqsDestination(given.deadLetters),
    });
  lost(trigger, alarmAge);
  lost(deployment, LONGEST_ASYNC);
  const alarms = addAlarms(scope, plan, trigger);
  addRules(scope, plan, { alarms, trigger, deployment, deadLetters: given.deadLetters, alarmAge });
  return { trigger, alarms };
}

const within = (age: number) =>
  Duration.seconds(Math.min(LONGEST_ASYNC.toSeconds(), Math.max(SHORTEST_ASYNC.toSeconds(), age)));
