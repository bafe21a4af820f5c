import type { Table } from "aws-cdk-lib/aws-dynamodb";
import type { Role } from "aws-cdk-lib/aws-iam";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { JOINED, OWN_NAMESPACE } from "../lambdas/runtime/names.ts";
import type { Permission } from "../lambdas/runtime/spec.ts";
import { addFollowUps } from "./follow-ups.ts";
import type { PlanFunctions, PublishedFunction } from "./functions.ts";
import type { NoticeTopics } from "./notifications.ts";
import type { Plan } from "./plan/schema.ts";
import { arnBuilder, functionRole } from "./roles.ts";
import { keepsRows } from "./store.ts";
import { tellEnvironment, tellPermissions } from "./tell.ts";
import type { Bindings } from "./workflow/context.ts";
import { TASK_SECONDS } from "./workflow/deadline.ts";

/** CloudWatch's DescribeAlarms knows no resources. */
export const READ_ALARMS: Permission = { actions: ["cloudwatch:DescribeAlarms"], resources: ["*"] };

/** Knows no resources; the token, which only this plan's table holds, is what names the task. */
export const WAKE_HOLDS: Permission = { actions: ["states:SendTaskFailure"], resources: ["*"] };

/** CloudWatch knows no resources for reading metrics. */
export const READ_METRICS: Permission = { actions: ["cloudwatch:GetMetricData"], resources: ["*"] };

/** CloudWatch knows no resources for writing metrics either, but namespaces. */
export const WRITE_OWN_METRICS: Permission = {
  actions: ["cloudwatch:PutMetricData"],
  resources: ["*"],
  conditions: { StringEquals: { "cloudwatch:namespace": OWN_NAMESPACE } },
};

/** What joined a run that changed nothing goes back to the bus. */
export const putJoinedBack = (scope: Construct): Permission => ({
  actions: ["events:PutEvents"],
  resources: [arnBuilder(scope).of("events", "event-bus/default")],
  conditions: { StringEquals: { "events:source": JOINED.source } },
});

/** The functions of the state machine that belong to no kind, and the roles that more functions share. */
export interface Handlers {
  published: Record<
    Exclude<keyof Bindings["handlers"], "approval" | "redeploy">,
    PublishedFunction | undefined
  > &
    Record<"admit" | "decide" | "announce" | "report" | "release", PublishedFunction>;
  /** Keeps lock, history and deployments. */
  keeper: Role;
  /** Tells people. */
  announcer: Role;
  /** Reads alarms and metrics and judges; writes nothing but its own measurements and verdicts. */
  observer: Role;
}

export function addHandlers(
  scope: Construct,
  plan: Plan,
  functions: PlanFunctions,
  {
    table,
    topics,
    reports,
    attendant,
    deadLetters,
  }: { table: Table; topics: NoticeTopics; reports: Bucket; attendant: Role; deadLetters: IQueue },
): Handlers {
  const { service } = plan;
  const role = (id: string, description: string, ...permissions: Permission[]) =>
    functionRole(scope, id, { description, permissions, keys: plan.keys });
  // One role for the functions that keep lock, history and deployments: they write the same rows.
  const keeper = role(
    "KeeperRole",
    `Keeps lock, history and deployments of ${service}`,
    keepsRows(table, service),
    putJoinedBack(scope),
    // A run that begins ends the ramp that is on.
    ...(plan.redeploy ? [WAKE_HOLDS] : []),
  );
  const announcer = role(
    "AnnounceRole",
    `Publishes notices of ${service}`,
    ...tellPermissions(scope, plan, { table, topics }),
  );
  topics.notices.masterKey?.grant(announcer, "kms:Decrypt", "kms:GenerateDataKey");
  const followUps = addFollowUps(scope, service, topics.notices, attendant);
  const reporter = role(
    "ReportRole",
    `Writes reports of ${service}`,
    { actions: ["s3:PutObject", "s3:GetObject"], resources: [reports.arnForObjects(`${service}/*`)] },
    READ_METRICS,
    { actions: ["states:StartExecution"], resources: [followUps.stateMachineArn] },
  );
  const observer = role(
    "ObserverRole",
    `Reads alarms and metrics of ${service} and judges`,
    READ_ALARMS,
    ...(plan.worse ? [READ_METRICS] : []),
  );
  const timeoutSeconds = TASK_SECONDS.handler;
  return {
    keeper,
    announcer,
    observer,
    published: {
      admit: functions.publish("Admit", {
        bundle: "admit",
        description: "lets one run in at a time",
        role: keeper,
        timeoutSeconds,
      }),
      decide: functions.publish("Decide", {
        bundle: "decide",
        description: "reads the alarms and decides",
        role: observer,
        timeoutSeconds,
      }),
      recall: functions.publish("Recall", {
        bundle: "recall",
        description: "reads what an ended run changed",
        role: reporter,
        timeoutSeconds,
        environment: { REPORTS_BUCKET: reports.bucketName },
      }),
      compare: plan.worse
        ? functions.publish("Compare", {
            bundle: "compare",
            description: "tells whether a stage made it worse",
            role: observer,
            timeoutSeconds,
          })
        : undefined,
      announce: functions.publish("Announce", {
        bundle: "announce",
        description: "tells people",
        role: announcer,
        timeoutSeconds,
        environment: tellEnvironment(topics),
        // A run hands most of its notices over and goes on.
        deadLetters,
      }),
      report: functions.publish("Report", {
        bundle: "report",
        description: "writes the incident report",
        role: reporter,
        timeoutSeconds: TASK_SECONDS.report,
        environment: {
          REPORTS_BUCKET: reports.bucketName,
          FOLLOW_UPS_MACHINE: followUps.stateMachineArn,
        },
      }),
      release: functions.publish("Release", {
        bundle: "release",
        description: "gives the lock back, or keeps it",
        role: keeper,
        timeoutSeconds,
      }),
    },
  };
}
