import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import {
  DescribeDBClustersCommand,
  DescribeDBInstanceAutomatedBackupsCommand,
  DescribeDBInstancesCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { GetScheduleCommand, SchedulerClient, UpdateScheduleCommand } from "@aws-sdk/client-scheduler";
import { ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { restoredClusterName, restoredName } from "../../lambdas/runtime/tokens.ts";
import { type AuthorizationRecord, recordAuthorizations } from "../../sandbox/front/iam/index.ts";
import type { CallRequest } from "../../sandbox/world.ts";
import { until } from "../../scenarios/until.ts";
import { AURORA, INSTANCE, s3Of, scenario } from "../actions/benches/databases.ts";
import { type DrillBench, drillBench, type EndedExecution, ended } from "./harness.ts";

/** Sandbox time that a restore must reach back: the release that is assumed, and the margin before it. */
const REACH = 11 * 60_000;
const TABLE = "orders-watchdog";
const keyOf = (sk: string) => ({ TableName: TABLE, Key: { pk: { S: "service#orders" }, sk: { S: sk } } });

/** The stack of test/drills/practice.yaml over a small database that can be restored far enough back. */
export interface PracticeBench extends DrillBench {
  /** ARN of the machine that practises. */
  machine: string;
  /** The instances and clusters before anything was practised. */
  there: (string | undefined)[];
  /** What the stack's roles called, and what IAM decided about it. */
  calls: CallRequest[];
  authorizations(): AuthorizationRecord[];
  /** Starts a practice by hand and waits for its end. */
  practise(name: string): Promise<EndedExecution>;
  /** Puts the schedule's next time a minute from now, and waits for what it starts. */
  scheduled(): Promise<EndedExecution>;
  /** The instances and clusters that there are now. */
  databases(): Promise<(string | undefined)[]>;
  /** The history's row of a practice. */
  rowOf(practice: string): Promise<Record<string, string | undefined>>;
  /** Writes into a row of the table, as the watchdog or a person does: LOCK, FREEZE. */
  set(sk: string, fields: Record<string, string>): Promise<void>;
  /** The mails that name a practice, once there is one. */
  mailsOf(practice: string): Promise<{ subject: string; text: string }[]>;
  reportOf(practice: string, file: string): Promise<string>;
}

/** Name of the copy of the instance that a practice makes. */
export const copyOf = (practice: string) =>
  restoredName(INSTANCE, { id: practice, practice: true }, "restore");

/** Name of the copy of the cluster. */
export const clusterCopyOf = (practice: string) =>
  restoredClusterName(AURORA, { id: practice, practice: true }, "restore-cluster");

export async function practiceBench(): Promise<PracticeBench> {
  const bench = await drillBench("practice", {
    planFile: "test/drills/practice.yaml",
    scenario,
    metricsReported: false,
  });
  const { sandbox } = bench;
  const aws = sandbox.clientConfig();
  const rds = new RDSClient(aws);
  const dynamodb = new DynamoDBClient(aws);
  const databases = async () => {
    const { DBInstances } = await rds.send(new DescribeDBInstancesCommand({}));
    const { DBClusters } = await rds.send(new DescribeDBClustersCommand({}));
    return [
      ...DBInstances!.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier),
      ...DBClusters!.map(({ DBClusterIdentifier }) => DBClusterIdentifier),
    ];
  };
  const calls: CallRequest[] = [];
  sandbox.world.interceptors.push({
    before: (request) => {
      if (request.principal.type === "role") calls.push(request);
    },
  });
  const machine = bench.stateMachineArn.replace(/rollback$/, "practice");
  const rowOf: PracticeBench["rowOf"] = async (practice) => {
    const { Item = {} } = await dynamodb.send(new GetItemCommand(keyOf(`PRACTICE#${practice}`)));
    return Object.fromEntries(Object.entries(Item).map(([name, { S, N }]) => [name, S ?? N]));
  };
  await until(
    "RDS to be able to restore to before the release that is assumed",
    async () => {
      const { DBInstanceAutomatedBackups } = await rds.send(
        new DescribeDBInstanceAutomatedBackupsCommand({ DBInstanceIdentifier: INSTANCE }),
      );
      const { DBClusters } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: AURORA }));
      return [
        DBInstanceAutomatedBackups?.[0]?.RestoreWindow?.EarliestTime,
        DBClusters?.[0]?.EarliestRestorableTime,
      ].every((earliest) => earliest && earliest.getTime() < sandbox.world.clock.now() - REACH);
    },
    60_000,
  );
  return {
    ...bench,
    machine,
    calls,
    databases,
    rowOf,
    there: await databases(),
    authorizations: recordAuthorizations(sandbox.world),
    practise: (name) => bench.run({ by: "somebody" }, name, machine),
    scheduled: async () => {
      const scheduler = new SchedulerClient(aws);
      const { Target } = await scheduler.send(new GetScheduleCommand({ Name: "orders-practice" }));
      const due = new Date(sandbox.world.clock.now() + 60_000).toISOString().slice(0, 19);
      await scheduler.send(
        new UpdateScheduleCommand({
          Name: "orders-practice",
          ScheduleExpression: `at(${due})`,
          FlexibleTimeWindow: { Mode: "OFF" },
          Target,
        }),
      );
      const states = new SFNClient(aws);
      const begun = async () =>
        (await states.send(new ListExecutionsCommand({ stateMachineArn: machine }))).executions!;
      await until("the schedule to start it", async () => (await begun()).length > 0);
      return ended(sandbox, (await begun())[0]!.executionArn!);
    },
    set: async (sk, fields) => {
      const names = Object.keys(fields);
      await dynamodb.send(
        new UpdateItemCommand({
          ...keyOf(sk),
          UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(", ")}`,
          ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
          ExpressionAttributeValues: Object.fromEntries(
            Object.entries(fields).map(([name, value]) => [`:${name}`, { S: value }]),
          ),
        }),
      );
    },
    mailsOf: async (practice) => {
      const found = () => bench.mails().filter(({ text }) => text.includes(practice));
      await until(`the mail about ${practice}`, () => found().length > 0);
      return found();
    },
    reportOf: async (practice, file) => {
      const [Bucket, ...key] = (await rowOf(practice))["report"]!.split("/");
      const { Body } = await s3Of(sandbox).send(
        new GetObjectCommand({ Bucket, Key: [...key.slice(0, -1), file].join("/") }),
      );
      return Body!.transformToString();
    },
  };
}
