import * as z from "zod";
import { InstanceName, madeNames, snapshotBefore, snapshotOutputs } from "../../runtime/rds-spec.ts";
import { allow, defineAction } from "../../runtime/spec.ts";

/** A snapshot of the present state: the backup that every change to data rests on. */
export const rdsSnapshot = defineAction({
  kind: "rds-snapshot",
  summary: "Take a snapshot of an RDS instance and wait until it is available",
  input: z.strictObject({ instance: InstanceName.describe("identifier of the DB instance") }),
  before: z.strictObject(snapshotBefore),
  outputs: z.strictObject(snapshotOutputs),
  effect: "backs-up",
  revertible: true,
  timing: { timeoutSeconds: 1800, pollSeconds: 15 },
  permissions: ({ instance }, arn) => {
    const snapshots = arn.of("rds", `snapshot:${madeNames(instance, "r", 255)}`);
    const describe = allow("rds:DescribeDBSnapshots", [snapshots, arn.of("rds", `db:${instance}`)]);
    return {
      read: [allow("rds:DescribeDBInstances", arn.of("rds", `db:${instance}`)), describe],
      write: [
        describe,
        allow(["rds:CreateDBSnapshot"], [arn.of("rds", `db:${instance}`), snapshots]),
        allow("rds:AddTagsToResource", snapshots),
      ],
    };
  },
  touches: () => [],
  backsUp: ({ instance }) => [{ type: "rds-instance", id: instance }],
  creates: ({ instance }) => [{ type: "rds-snapshot", id: `${instance}-r-*` }],
  clients: ["@aws-sdk/client-rds", "@aws-sdk/client-dynamodb"],
  runbooks: ["R8"],
  docs: ["https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSnapshot.html"],
});
