import { CfnOutput, Duration, Stack } from "aws-cdk-lib";
import { SecurityGroup, Subnet, Vpc } from "aws-cdk-lib/aws-ec2";
import { SqsDestination } from "aws-cdk-lib/aws-lambda-destinations";
import { Construct } from "constructs";
import type { Bundle } from "../lambdas/build.ts";
import type { Permission } from "../lambdas/runtime/spec.ts";
import { addAlarms } from "./alarms.ts";
import { addDashboard } from "./dashboard.ts";
import { addDeadLetters } from "./dead-letters.ts";
import { type Network, type PublishedFunction, publishedFunction } from "./functions.ts";
import { addNotifications } from "./notifications.ts";
import { alarmName } from "./plan/criteria.ts";
import { seconds } from "./plan/duration.ts";
import { registries } from "./plan/registries.ts";
import type { Check, Plan } from "./plan/schema.ts";
import { arnBuilder, functionRole } from "./roles.ts";
import { addRules } from "./rules.ts";
import { addStateMachine } from "./state-machine.ts";
import { addStore, readLock } from "./store.ts";
import type { Estimate } from "./workflow/estimate.ts";

export interface RollbackWatchdogProps {
  /** A plan that was loaded with `loadPlanOrThrow`. */
  plan: Plan;
  /** The bundles of `buildBundles()`. */
  bundles: Record<string, Bundle>;
}

/** One plan as AWS resources: alarms, rules, functions, one state machine, records, notices. Shares nothing. */
export class RollbackWatchdog extends Construct {
  /** What a run may take at the most. */
  readonly estimate: Estimate;
  /** Functions of this plan. */
  readonly functions: PublishedFunction[] = [];

  constructor(scope: Construct, id: string, { plan, bundles }: RollbackWatchdogProps) {
    super(scope, id);
    const { service } = plan;
    const arn = arnBuilder(this);
    const { table, reports } = addStore(this, service);
    const topic = addNotifications(this, service, plan.notify.email);
    const deadLetters = addDeadLetters(this, service, topic);
    const network = networkOf(this, plan);
    const base = { SERVICE: service, TABLE_NAME: table.tableName };

    const add = (
      name: string,
      given: Omit<Parameters<typeof publishedFunction>[2], "bundle" | "environment"> & {
        bundle?: string;
        environment?: Record<string, string>;
      },
    ) => {
      const made = publishedFunction(this, name, {
        ...given,
        bundle: bundles[given.bundle ?? name.toLowerCase()]!.folder,
        environment: { ...base, ...given.environment },
      });
      this.functions.push(made);
      return made;
    };
    const onTable = (...actions: string[]): Permission => ({ actions, resources: [table.tableArn] });
    const readAlarms: Permission = { actions: ["cloudwatch:DescribeAlarms"], resources: ["*"] };

    // Records and locks: one role for the functions that keep them.
    const keeper = functionRole(this, "KeeperRole", `Keeps lock, history and deployments of ${service}`, [
      onTable("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:Query"),
    ]);
    const admit = add("Admit", { description: `${service}: lets one run in at a time`, role: keeper });
    const release = add("Release", {
      description: `${service}: gives the lock back, or keeps it`,
      role: keeper,
    });
    const deployment = add("Deployment", { description: `${service}: records deployments`, role: keeper });
    const decide = add("Decide", {
      description: `${service}: reads the alarms and decides`,
      role: functionRole(this, "DecideRole", `Reads the alarms of ${service}`, [readAlarms]),
    });
    const announce = add("Announce", {
      description: `${service}: tells people`,
      role: functionRole(this, "AnnounceRole", `Publishes notices of ${service}`, [
        { actions: ["sns:Publish"], resources: [topic.topicArn] },
      ]),
      environment: { TOPIC_ARN: topic.topicArn },
    });
    const report = add("Report", {
      description: `${service}: writes the incident report`,
      role: functionRole(this, "ReportRole", `Writes reports of ${service}`, [
        { actions: ["s3:PutObject"], resources: [reports.arnForObjects(`${service}/*`)] },
      ]),
      environment: { REPORTS_BUCKET: reports.bucketName },
    });

    // Steps: preflight and poll under the one role that cannot write; apply and revert under a role of the kind's own.
    const steps = plan.stages.flatMap((stage) => stage.steps);
    const checks = [...plan.stages.flatMap((stage) => stage.checks), ...plan.verify, ...plan.watch.checks];
    const permissionsOf = (kind: string) =>
      steps
        .filter((step) => step.action === kind)
        .map((step) => registries.actions[kind]!.permissions(step.with as never, arn));
    const actionKinds = [...new Set(steps.map((step) => step.action))];
    const checkKinds = [...new Set(checks.map((check) => check.check))];
    const needsNetwork = network !== undefined;
    const reader = functionRole(
      this,
      "ReaderRole",
      `Preflight, poll and checks of ${service}: can write nothing`,
      [
        ...actionKinds.flatMap((kind) => permissionsOf(kind).flatMap(({ read }) => read)),
        ...checks.flatMap((check: Check) =>
          registries.checks[check.check]!.permissions(check.with as never, arn),
        ),
      ],
      needsNetwork,
    );
    const actions = Object.fromEntries(
      actionKinds.map((kind) => {
        const spec = registries.actions[kind]!;
        const inVpc = spec.needsVpc ? network : undefined;
        const permissions = permissionsOf(kind).flatMap(({ read, write, revert = [] }) => [
          ...read,
          ...write,
          ...revert,
        ]);
        const writer = functionRole(
          this,
          `Writer-${kind}`,
          `Applies and reverts ${kind} of ${service}`,
          [readLock(table, service), ...permissions],
          inVpc !== undefined,
        );
        const read = add(`Read-${kind}`, {
          bundle: kind,
          description: `${service}: ${spec.summary} (preflight, poll)`.slice(0, 250),
          role: reader,
          network: inVpc,
        });
        const write = add(`Write-${kind}`, {
          bundle: kind,
          description: `${service}: ${spec.summary} (apply, revert)`.slice(0, 250),
          role: writer,
          network: inVpc,
        });
        return [kind, { read: read.version.functionArn, write: write.version.functionArn }];
      }),
    );
    const measures = Object.fromEntries(
      checkKinds.map((kind) => {
        const spec = registries.checks[kind]!;
        const made = add(`Check-${kind}`, {
          bundle: kind,
          description: `${service}: ${spec.summary}`.slice(0, 250),
          role: reader,
          network: spec.needsVpc ? network : undefined,
        });
        return [kind, made.version.functionArn];
      }),
    );

    const { machine, workflow } = addStateMachine(this, plan, {
      handlers: {
        admit: admit.version.functionArn,
        decide: decide.version.functionArn,
        announce: announce.version.functionArn,
        report: report.version.functionArn,
        release: release.version.functionArn,
      },
      actions,
      checks: measures,
      partition: Stack.of(this).partition,
    });
    this.estimate = workflow.estimate;

    const trigger = add("Trigger", {
      description: `${service}: turns an alarm into one run`,
      role: functionRole(this, "TriggerRole", `Starts runs of ${service}`, [
        onTable("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"),
        readAlarms,
        { actions: ["states:StartExecution"], resources: [machine.stateMachineArn] },
      ]),
      timeoutSeconds: 60,
      environment: {
        STATE_MACHINE_ARN: machine.stateMachineArn,
        ALARMS: JSON.stringify(
          Object.fromEntries(
            plan.triggers.map(({ id: criterion }) => [alarmName(plan, criterion), criterion]),
          ),
        ),
        EVENT_AGE_SECONDS: String(seconds(plan.budget.eventAge)),
      },
    });
    for (const { fn } of [trigger, deployment, announce])
      fn.configureAsyncInvoke({
        maxEventAge: Duration.minutes(15),
        retryAttempts: 2,
        onFailure: new SqsDestination(deadLetters),
      });
    const alarms = addAlarms(this, plan, trigger.fn);
    addRules(this, plan, { alarms, trigger: trigger.fn, deployment: deployment.fn, deadLetters });
    addDashboard(this, plan, alarms, machine);

    const output = (name: string, value: string) => new CfnOutput(Stack.of(this), name, { value });
    output("StateMachineArn", machine.stateMachineArn);
    output("TableName", table.tableName);
    output("TopicArn", topic.topicArn);
    output("ReportsBucket", reports.bucketName);
    output("TriggerFunction", trigger.fn.functionName);
  }
}

/** The plan's network, by ids: nothing is looked up at synthesis. */
function networkOf(scope: Construct, { vpc }: Plan): Network | undefined {
  if (!vpc) return undefined;
  return {
    vpc: Vpc.fromVpcAttributes(scope, "Vpc", {
      vpcId: vpc.id,
      availabilityZones: vpc.subnets.map((_, index) => `az${index}`),
      privateSubnetIds: vpc.subnets,
    }),
    subnets: vpc.subnets.map((subnetId, index) => Subnet.fromSubnetId(scope, `Subnet${index}`, subnetId)),
    securityGroups: vpc.securityGroups.map((groupId, index) =>
      SecurityGroup.fromSecurityGroupId(scope, `Group${index}`, groupId),
    ),
  };
}
