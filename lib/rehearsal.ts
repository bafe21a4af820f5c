import { Duration, Stack } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import type { IRole, Role } from "aws-cdk-lib/aws-iam";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import type { Judge } from "./judge.ts";
import { machineOf } from "./machine.ts";
import { preflightName } from "./names.ts";
import { seconds } from "./plan/duration.ts";
import { registries } from "./plan/registries.ts";
import type { Plan } from "./plan/schema.ts";
import type { KindFunctions } from "./steps.ts";
import { compileRehearsal } from "./workflow/rehearsal.ts";

/**
 * The rehearsal: `watchdog preflight` starts it, and so does a rule every 30 minutes. The steps' own reading functions
 * run under the plan's role that cannot write; the function `preflight` beside them asks IAM about the other
 * roles.
 */
export function addRehearsal(
  scope: Construct,
  plan: Plan,
  given: { topic: ITopic; kinds: KindFunctions; judge: Judge; attendant: Role },
): StateMachine {
  const { topic, kinds, attendant } = given;
  const { preflight, expected } = given.judge;
  const { service } = plan;
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
