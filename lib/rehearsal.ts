import { Duration, Stack } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import type { IRole, Role } from "aws-cdk-lib/aws-iam";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import type { ExpectedPermission } from "../lambdas/runtime/protocol.ts";
import type { Permission } from "../lambdas/runtime/spec.ts";
import type { PlanFunctions } from "./functions.ts";
import { machineOf } from "./machine.ts";
import { preflightName } from "./names.ts";
import { seconds } from "./plan/duration.ts";
import { registries } from "./plan/registries.ts";
import type { Plan } from "./plan/schema.ts";
import { arnBuilder, permit } from "./roles.ts";
import type { KindFunctions } from "./steps.ts";
import { partitionAccess } from "./store.ts";
import { compileRehearsal, JUDGE_SECONDS } from "./workflow/rehearsal.ts";

/**
 * The rehearsal: `watchdog preflight` starts it, and so does a rule every 30 minutes. The steps' own reading functions
 * run under the plan's role that cannot write; one small function beside them asks IAM about the other roles, keeps
 * one row and writes the notice.
 */
export function addRehearsal(
  scope: Construct,
  plan: Plan,
  functions: PlanFunctions,
  given: { table: Table; topic: ITopic; kinds: KindFunctions; observer: Role; attendant: Role },
): StateMachine {
  const { table, topic, kinds, observer, attendant } = given;
  const { service } = plan;
  const expected = expectedPermissions(scope, plan, kinds);
  permit(
    observer,
    partitionAccess(table, `service#${service}`, ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"]),
    { actions: ["sns:Publish"], resources: [topic.topicArn] },
    {
      actions: ["iam:SimulatePrincipalPolicy"],
      resources: [...new Set(expected.map(({ roleArn }) => roleArn))],
    },
  );
  topic.masterKey?.grant(observer, "kms:Decrypt", "kms:GenerateDataKey");
  const preflight = functions.publish("Preflight", {
    bundle: "preflight",
    description: "judges whether the plan could be carried out",
    role: observer,
    timeoutSeconds: JUDGE_SECONDS,
    environment: { TOPIC_ARN: topic.topicArn },
  });
  const machine = machineOf(scope, "Rehearsal", {
    name: preflightName(service),
    definition: compileRehearsal(plan, registries, {
      preflight: preflight.versionArn,
      actions: Object.fromEntries(
        Object.entries(kinds.actions).map(([kind, { read }]) => [
          kind,
          // Nothing here may change anything: what would apply is not even known to this machine.
          { read: read.versionArn, write: read.versionArn },
        ]),
      ),
      expected,
      partition: Stack.of(scope).partition,
    }),
    functions: [preflight, ...Object.values(kinds.actions).map(({ read }) => read)],
    role: attendant,
    scheduled: plan.preflight.every !== "off",
  });
  const failed = new Alarm(scope, "RehearsalFailed", {
    alarmName: `${service}-watchdog-preflight`,
    alarmDescription: `Whether the plan of ${service} could be carried out is not known: its rehearsal failed. Look at the newest execution of ${preflightName(service)}`,
    metric: machine.metricFailed({ period: Duration.minutes(5), statistic: "Sum" }),
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    threshold: 0,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  failed.addAlarmAction(new SnsAction(topic));
  if (plan.preflight.every !== "off")
    everyNowAndThen(scope, service, plan.preflight.every, machine, attendant);
  return machine;
}

function everyNowAndThen(
  scope: Construct,
  service: string,
  every: string,
  machine: StateMachine,
  role: IRole,
): void {
  new Rule(scope, "Rehearse", {
    description: `Could the plan of ${service} be carried out now?`,
    schedule: Schedule.rate(Duration.minutes(seconds(every) / 60)),
    // The CDK's own target would tie the role to the machine, which is made after it.
    targets: [
      {
        bind: () => ({
          arn: machine.stateMachineArn,
          role,
          input: RuleTargetInput.fromObject({ by: "schedule" }),
          targetResource: machine,
        }),
      },
    ],
  });
}

/** What each role must be allowed, by step and check: the same statements that the roles were made from. */
function expectedPermissions(scope: Construct, plan: Plan, kinds: KindFunctions): ExpectedPermission[] {
  const arn = arnBuilder(scope);
  const expect = (
    of: string,
    as: ExpectedPermission["as"],
    roleArn: string,
    permissions: Permission[] = [],
  ): ExpectedPermission[] => permissions.map((permission) => ({ of, as, roleArn, ...permission }));
  const steps = plan.stages.flatMap((stage) => stage.steps);
  const checks = [...plan.stages.flatMap((stage) => stage.checks), ...plan.verify, ...plan.watch.checks];
  return [
    ...steps.flatMap((step) => {
      const { read, write } = kinds.actions[step.action]!;
      const needed = registries.actions[step.action]!.permissions(step.with as never, arn);
      return [
        ...expect(step.id, "read", read.roleArn, needed.read),
        ...expect(step.id, "write", write.roleArn, needed.write),
        ...expect(step.id, "revert", write.roleArn, needed.revert),
      ];
    }),
    ...checks.flatMap((check) =>
      expect(
        check.id,
        "check",
        kinds.checks[check.check]!.roleArn,
        registries.checks[check.check]!.permissions(check.with as never, arn),
      ),
    ),
  ];
}
