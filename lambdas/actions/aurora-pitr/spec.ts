import * as z from "zod";
import { ClusterName, EndpointOutput, Margin, Moment, madeNames } from "../../runtime/rds-spec.ts";
import { type ActionPermissions, type ArnBuilder, allow, defineAction } from "../../runtime/spec.ts";

/** `mark`: of what is made, as in `restoredClusterName`. */
function permissionsFor(
  { cluster, monitoringRole }: { cluster: string; monitoringRole?: string | undefined },
  arn: ArnBuilder,
  mark: "r" | "p",
): ActionPermissions {
  const made = madeNames(cluster, mark, 60);
  const [source, target] = [arn.of("rds", `cluster:${cluster}`), arn.of("rds", `cluster:${made}`)];
  // Its instances have its name and a number of one or two digits.
  const instances = ["-?", "-??"].map((number) => arn.of("rds", `db:${made}${number}`));
  const groups = (...kinds: string[]) => kinds.map((kind) => arn.of("rds", `${kind}:*`));
  const read = [
    allow("rds:DescribeDBClusters", [source, target]),
    // The old cluster's instances have names that the plan does not know.
    allow("rds:DescribeDBInstances", arn.of("rds", "db:*")),
  ];
  return {
    read,
    write: [
      ...read,
      allow("rds:RestoreDBClusterToPointInTime", [source, target, ...groups("subgrp", "cluster-pg")]),
      allow("rds:CreateDBInstance", [target, ...instances, ...groups("pg", "subgrp")]),
      allow("rds:ModifyDBCluster", target),
      allow("rds:AddTagsToResource", [target, ...instances]),
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

/** A new cluster with its instances beside the old one, as it was at a moment (R8). The source is never touched. */
export const auroraPitr = defineAction({
  kind: "aurora-pitr",
  summary:
    "Restore an Aurora cluster to a point in time, as a new cluster with all of the old one's settings and its instances",
  input: z
    .strictObject({
      cluster: ClusterName.describe("identifier of the DB cluster to restore from"),
      to: Moment,
      margin: Margin.default("30s").describe("how long before the deployment or the alarm"),
      type: z
        .enum(["full-copy", "copy-on-write"])
        .default("full-copy")
        .describe(
          "`copy-on-write`: a clone, which is quick and shares its storage; Aurora clones a cluster only as it is now (`to: latest`)",
        ),
      instances: z
        .int()
        .min(1)
        .max(16)
        .default(1)
        .describe("instances that the new cluster gets: a writer, and readers beside it"),
      class: z
        .string()
        .regex(/^db\.[a-z0-9.-]+$/, "a DB instance class such as db.r6g.large or db.serverless")
        .optional()
        .describe("class of the instances; that of the old cluster's writer unless given"),
      monitoringRole: z
        .string()
        .regex(/^arn:[^:]+:iam::\d{12}:role\/.+/, "ARN of a role")
        .optional()
        .describe("role of Enhanced Monitoring, where the writer has it: the new ones need it handed on"),
    })
    .refine(({ type, to }) => type === "full-copy" || to === "latest", {
      path: ["to"],
      message: "a clone (copy-on-write) is the cluster as it is now: say `to: latest`, or take a full-copy",
    }),
  before: z.strictObject({
    cluster: z.string(),
    target: z.string(),
    instances: z.array(z.string()),
    restoreTime: z.string(),
    settings: z.record(z.string(), z.unknown()),
    instance: z.record(z.string(), z.unknown()),
  }),
  outputs: z.strictObject({
    cluster: z.string().describe("identifier of the restored DB cluster"),
    endpoint: EndpointOutput.describe("where the writer of the restored cluster answers"),
    readerEndpoint: EndpointOutput.describe("where its readers answer; the writer, where there are none"),
    instances: z.array(z.string()).describe("identifiers of its instances"),
    writer: z.string().describe("identifier of the instance that writes"),
    restoreTime: z.string().describe("the moment it was restored to, ISO 8601"),
    differences: z.array(z.string()).optional().describe("settings that differ from the source's"),
  }),
  effect: "creates",
  revertible: true,
  // The cluster, then its instances, then what neither can be given when it is made.
  timing: { timeoutSeconds: 3600, pollSeconds: 15, phases: 4 },
  permissions: (input, arn) => permissionsFor(input, arn, "r"),
  practice: {
    makes: ({ cluster }) => ({ type: "aurora-cluster", base: cluster }),
    permissions: (input, arn) => permissionsFor(input, arn, "p"),
  },
  touches: () => [],
  undoesMigration: true,
  creates: ({ cluster }) => [{ type: "aurora-cluster", id: `${cluster}-r-*` }],
  clients: ["@aws-sdk/client-rds", "@aws-sdk/client-dynamodb"],
  runbooks: ["R8"],
  docs: [
    "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBClusterToPointInTime.html",
    "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-pitr.html",
    "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Clone.html",
  ],
});
