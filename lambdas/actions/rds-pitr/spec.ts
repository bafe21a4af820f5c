import * as z from "zod";
import { InstanceName, Margin, Moment, restoredOutputs, restorePermissions } from "../../runtime/rds-spec.ts";
import { type ActionPermissions, type ArnBuilder, allow, defineAction } from "../../runtime/spec.ts";

/** `mark`: of what is made, as in `restoredName`. */
function permissionsFor(
  { instance, monitoringRole }: { instance: string; monitoringRole?: string | undefined },
  arn: ArnBuilder,
  mark: "r" | "p",
): ActionPermissions {
  const { read, write } = restorePermissions(instance, arn, mark);
  return {
    read,
    write: [
      ...write,
      ...(monitoringRole
        ? [
            allow("iam:PassRole", monitoringRole, {
              StringEquals: { "iam:PassedToService": "monitoring.rds.amazonaws.com" },
            }),
          ]
        : []),
    ],
  };
}

/** A new instance beside the old one, as it was at a moment (R8). The source is never touched. */
export const rdsPitr = defineAction({
  kind: "rds-pitr",
  summary: "Restore an RDS instance to a point in time, as a new instance with all of the old one's settings",
  input: z.strictObject({
    instance: InstanceName.describe("identifier of the DB instance to restore from"),
    to: Moment,
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
    ...restoredOutputs,
    restoreTime: z.string().describe("the moment it was restored to, ISO 8601"),
  }),
  effect: "creates",
  revertible: true,
  // A second apply sets what a restore cannot be given: monitoring, Performance Insights, the maintenance window.
  timing: { timeoutSeconds: 3600, pollSeconds: 15, phases: 2 },
  permissions: (input, arn) => permissionsFor(input, arn, "r"),
  practice: {
    makes: ({ instance }) => ({ type: "rds-instance", base: instance }),
    permissions: (input, arn) => permissionsFor(input, arn, "p"),
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
