import type {
  RestoreDBInstanceToPointInTimeCommandInput,
  RestoreDBInstanceToPointInTimeCommandOutput,
} from "@aws-sdk/client-rds";
import { operation, ServiceException } from "../../service.ts";
import { keyUse } from "../key-use.ts";
import { instanceAnswer } from "./answers.ts";
import { addTags, groupArns } from "./arns.ts";
import { addInstance, bringUp } from "./lifecycle.ts";
import { instanceIdentifier } from "./names.ts";
import { restoreWindow } from "./restore-window.ts";
import { restoredSettings, settingsFrom } from "./settings.ts";
import { instanceArn, instanceNamed, rdsState } from "./state.ts";

/** Recovers an instance as it was at a moment into a new instance. Settings not given are the defaults, not the source's. */
export const RestoreDBInstanceToPointInTime = operation<
  RestoreDBInstanceToPointInTimeCommandInput,
  Omit<RestoreDBInstanceToPointInTimeCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => {
    const source = instanceArn(world, input.SourceDBInstanceIdentifier ?? "*");
    const target = instanceArn(world, input.TargetDBInstanceIdentifier ?? "*");
    return [
      {
        action: "rds:RestoreDBInstanceToPointInTime",
        resources: [source, target, ...groupArns(world, input)],
      },
      ...addTags(input.Tags, target),
      ...keyUse(
        rdsState(world).instances.get(input.SourceDBInstanceIdentifier ?? "")?.settings.KmsKeyId,
        "rds",
        world.region,
        ["kms:DescribeKey", "kms:CreateGrant"],
      ),
    ];
  },
  run: async (input, { world }) => {
    const id = instanceIdentifier(input.TargetDBInstanceIdentifier, "TargetDBInstanceIdentifier");
    const source = instanceNamed(
      world,
      input.SourceDBInstanceIdentifier ?? input.SourceDBInstanceAutomatedBackupsArn,
    );
    if (rdsState(world).instances.has(id))
      throw new ServiceException("DBInstanceAlreadyExistsFault", "DB instance already exists");
    if ((source.settings.BackupRetentionPeriod ?? 0) === 0)
      throw new ServiceException(
        "PointInTimeRestoreNotEnabledFault",
        `Point In Time Restore is not enabled for ${source.id}.`,
      );
    if (input.RestoreTime && input.UseLatestRestorableTime)
      throw new ServiceException(
        "InvalidParameterCombination",
        "Must specify either UseLatestRestorableTime or RestoreTime, not both.",
      );
    if (!input.RestoreTime && !input.UseLatestRestorableTime)
      throw new ServiceException(
        "InvalidParameterCombination",
        "Must specify either UseLatestRestorableTime or RestoreTime.",
      );
    const { earliest, latest } = restoreWindow(world, source);
    if (earliest === undefined || latest === undefined)
      throw new ServiceException(
        "InvalidRestoreFault",
        `The DB instance ${source.id} has no restorable time yet.`,
      );
    const time = input.RestoreTime?.getTime() ?? latest;
    if (time < earliest || time > latest)
      throw new ServiceException(
        "InvalidRestoreFault",
        `The specified instance cannot be restored to ${new Date(time).toISOString()} because it is not within the restorable window, ${new Date(earliest).toISOString()} to ${new Date(latest).toISOString()}.`,
      );
    const settings = settingsFrom(
      world,
      {
        ...restoredSettings(world, source.settings),
        BackupRetentionPeriod: source.settings.BackupRetentionPeriod,
      },
      input,
    );
    const machineTime = world.clock.toMachine(time);
    const instance = await addInstance(world, {
      id,
      settings,
      port: input.Port ?? source.port,
      masterPassword: source.masterPassword,
      superuserPassword: source.superuserPassword,
      tags: input.Tags ?? [],
    });
    bringUp(world, instance, {
      backup: source.backups.findLast((backup) => backup.endedAt <= machineTime)!,
      archive: source.cluster.archive,
      target: { time: machineTime },
      superuserPassword: source.superuserPassword,
    });
    return { DBInstance: instanceAnswer(world, instance) };
  },
});
