import * as z from "zod";
import { allow, defineAction } from "../../runtime/spec.ts";
import { InstanceName } from "../rds-snapshot/spec.ts";

const Margin = z.string().regex(/^\d+(s|m|h)$/, 'a duration such as "30s"');

/** A new instance beside the old one, as it was at a moment (R8). The source is never touched. */
export const rdsPitr = defineAction({
  kind: "rds-pitr",
  summary: "Restore an RDS instance to a point in time, as a new instance with all of the old one's settings",
  input: z.strictObject({
    instance: InstanceName.describe("identifier of the DB instance to restore from"),
    to: z
      .union([z.enum(["before-deployment", "before-alarm", "latest"]), z.iso.datetime()])
      .describe(
        "the moment: before the recorded deployment, before the alarm's window, the latest restorable one, or an ISO 8601 time",
      ),
    margin: Margin.default("30s").describe("how long before the deployment or the alarm"),
    monitoringRole: z
      .string()
      .regex(/^arn:[^:]+:iam::\d{12}:role\/.+/, "ARN of a role")
      .optional()
      .describe(
        "role of Enhanced Monitoring, where the instance has it: the restored one needs it handed on",
      ),
  }),
  before: z.strictObject({
    instance: z.string(),
    arn: z.string(),
    target: z.string(),
    restoreTime: z.string(),
    settings: z.record(z.string(), z.unknown()),
  }),
  outputs: z.strictObject({
    instance: z.string().describe("identifier of the restored DB instance"),
    endpoint: z
      .strictObject({
        address: z.string().describe("DNS name"),
        port: z.number().describe("TCP port"),
      })
      .describe("where the restored instance answers"),
    restoreTime: z.string().describe("the moment it was restored to, ISO 8601"),
    differences: z.array(z.string()).optional().describe("settings that differ from the source's"),
  }),
  effect: "creates",
  revertible: true,
  // A second apply sets what a restore cannot be given: monitoring, Performance Insights, the maintenance window.
  timing: { timeoutSeconds: 3600, pollSeconds: 15, phases: 2 },
  permissions: ({ instance, monitoringRole }, arn) => {
    const source = arn.of("rds", `db:${instance}`);
    const target = arn.of("rds", `db:${instance.slice(0, 52)}*-r-*`);
    const groups = ["subgrp:*", "pg:*", "og:*"].map((kind) => arn.of("rds", kind));
    const read = [
      allow("rds:DescribeDBInstances", [source, target]),
      allow("rds:DescribeDBInstanceAutomatedBackups", arn.of("rds", "auto-backup:*")),
    ];
    return {
      read,
      write: [
        ...read,
        allow("rds:RestoreDBInstanceToPointInTime", [source, target, ...groups]),
        allow("rds:AddTagsToResource", target),
        allow("rds:ModifyDBInstance", target),
        ...(monitoringRole
          ? [
              allow("iam:PassRole", monitoringRole, {
                StringEquals: { "iam:PassedToService": "monitoring.rds.amazonaws.com" },
              }),
            ]
          : []),
      ],
    };
  },
  touches: () => [],
  undoesMigration: true,
  creates: ({ instance }) => [{ type: "rds-instance", id: `${instance}-r-*` }],
  clients: ["@aws-sdk/client-rds", "@aws-sdk/client-dynamodb"],
  runbooks: ["R8"],
  docs: [
    "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBInstanceToPointInTime.html",
    "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreWindow.html",
  ],
});
