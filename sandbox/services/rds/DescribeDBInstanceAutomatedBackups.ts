import type {
  DescribeDBInstanceAutomatedBackupsCommandInput,
  DescribeDBInstanceAutomatedBackupsCommandOutput,
} from "@aws-sdk/client-rds";
import { operation } from "../../service.ts";
import { restoreWindow } from "./restore-window.ts";
import { instanceArn, instanceNamed, rdsState } from "./state.ts";

/** Automated backups with the window that can be restored. */
export const DescribeDBInstanceAutomatedBackups = operation<
  DescribeDBInstanceAutomatedBackupsCommandInput,
  Omit<DescribeDBInstanceAutomatedBackupsCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    {
      action: "rds:DescribeDBInstanceAutomatedBackups",
      resources: [input.DBInstanceIdentifier ? world.arn("rds", `auto-backup:*`) : "*"],
    },
  ],
  run: (input, { world }) => {
    const all = [...rdsState(world).instances.values()].filter(
      (each) =>
        (each.settings.BackupRetentionPeriod ?? 0) > 0 &&
        (input.DBInstanceIdentifier === undefined || each.id === input.DBInstanceIdentifier.toLowerCase()),
    );
    if (input.DBInstanceIdentifier !== undefined && all.length === 0)
      instanceNamed(world, input.DBInstanceIdentifier);
    return {
      DBInstanceAutomatedBackups: all.map((instance) => {
        const { earliest, latest } = restoreWindow(world, instance);
        return {
          DBInstanceArn: instanceArn(world, instance.id),
          DbiResourceId: instance.resourceId,
          DBInstanceAutomatedBackupsArn: world.arn(
            "rds",
            `auto-backup:ab-${instance.resourceId.slice(3).toLowerCase()}`,
          ),
          DBInstanceIdentifier: instance.id,
          Region: world.region,
          Status: "active",
          RestoreWindow: {
            EarliestTime: earliest === undefined ? undefined : new Date(earliest),
            LatestTime: latest === undefined ? undefined : new Date(latest),
          },
          Engine: instance.settings.Engine,
          BackupRetentionPeriod: instance.settings.BackupRetentionPeriod,
          AllocatedStorage: instance.settings.AllocatedStorage,
        };
      }),
    };
  },
});
