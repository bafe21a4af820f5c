import { Duration } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import type { Role } from "aws-cdk-lib/aws-iam";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import { OWN_NAMESPACE, UNANSWERED } from "../lambdas/runtime/names.ts";
import type { PlanFunctions } from "./functions.ts";
import { WRITE_OWN_METRICS } from "./handlers.ts";
import { alarmName } from "./plan/criteria.ts";
import { seconds } from "./plan/duration.ts";
import type { Plan } from "./plan/schema.ts";
import { alarmTriggers } from "./plan/trigger-kind.ts";
import { permit } from "./roles.ts";
import { partitionAccess } from "./store.ts";
import { TASK_SECONDS } from "./workflow/deadline.ts";

/** How often it is looked whether an alarm was answered. */
const EVERY = Duration.minutes(2);

/** The watchdog of the watchdog: an alarm that rang and led to no run has an alarm of its own, to a person. */
export function addOversight(
  scope: Construct,
  plan: Plan,
  functions: PlanFunctions,
  { table, topic, observer }: { table: Table; topic: ITopic; observer: Role },
): Alarm[] {
  const { service } = plan;
  const acting = alarmTriggers(plan).filter(
    ({ decision }) => decision === "rollback" || decision === "approve",
  );
  if (acting.length === 0) return [];
  // The row of the ramp, where the plan has one.
  const reads = ["dynamodb:Query", ...(plan.redeploy ? ["dynamodb:GetItem"] : [])];
  permit(observer, partitionAccess(table, `service#${service}`, reads), WRITE_OWN_METRICS);
  const overseer = functions.add("Oversee", {
    bundle: "oversee",
    description: "looks whether alarms were answered",
    role: observer,
    timeoutSeconds: TASK_SECONDS.handler,
    environment: {
      ACTING_ALARMS: JSON.stringify(acting.map(({ id }) => alarmName(plan, id))),
      UNANSWERED_SECONDS: String(seconds(plan.budget.unanswered)),
      ...(plan.redeploy ? { RAMPS: "yes" } : {}),
    },
  });
  new Rule(scope, "LookForUnanswered", {
    description: `Whether every alarm of ${service} was answered`,
    schedule: Schedule.rate(EVERY),
    targets: [new LambdaFunction(overseer)],
  });
  const alarm = new Alarm(scope, "Unanswered", {
    alarmName: `${service}-watchdog-unanswered`,
    alarmDescription: `An alarm of ${service} has been ringing for more than ${plan.budget.unanswered} and no run answered it, or nobody can look any more: start one by hand if it is due (watchdog run ${service}), then look at the trigger function's log`,
    metric: new Metric({
      namespace: OWN_NAMESPACE,
      metricName: UNANSWERED,
      dimensionsMap: { Service: service },
      statistic: "Maximum",
      period: Duration.minutes(5),
    }),
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    threshold: 0,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    treatMissingData: TreatMissingData.MISSING,
  });
  alarm.addAlarmAction(new SnsAction(topic));
  // An overseer that stops reporting is asleep too. A new alarm begins without data, and that is no transition.
  alarm.addInsufficientDataAction(new SnsAction(topic));
  return [alarm];
}
