import type { Tag } from "@aws-sdk/client-rds";
import { takeBaseBackup } from "../../engines/postgres/backup.ts";
import { ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { beat } from "./heartbeat.ts";
import { type Instance, rdsState, recordEvent, type Snapshot, snapshotArn } from "./state.ts";

const QUOTA = 100;

/** Registers a snapshot in status `creating` and takes it in the background; the instance shows `backing-up` meanwhile. */
export function beginSnapshot(
  world: World,
  instance: Instance,
  id: string,
  tags: Tag[],
): { snapshot: Snapshot; done: Promise<void> } {
  const { snapshots } = rdsState(world);
  if (snapshots.has(id))
    throw new ServiceException(
      "DBSnapshotAlreadyExistsFault",
      `Cannot create the snapshot because a snapshot with the identifier ${id} already exists.`,
    );
  if (snapshots.size >= QUOTA)
    throw new ServiceException(
      "SnapshotQuotaExceededFault",
      `Cannot create more than ${QUOTA} manual snapshots`,
    );
  const snapshot: Snapshot = {
    id,
    arn: snapshotArn(world, id),
    status: "creating",
    percent: 0,
    createdAt: world.clock.now(),
    backup: undefined,
    archive: instance.cluster.archive,
    settings: { ...instance.settings },
    superuserPassword: instance.superuserPassword,
    masterPassword: instance.masterPassword,
    source: instance.id,
    type: "manual",
    tags: instance.settings.CopyTagsToSnapshot
      ? [...instance.tags.filter(({ Key }) => !tags.some((tag) => tag.Key === Key)), ...tags]
      : tags,
  };
  snapshots.set(id, snapshot);
  instance.status = "backing-up";
  const done = (async () => {
    try {
      snapshot.backup = await takeBaseBackup(instance.cluster);
      // Consistent only with the WAL up to its end; a heartbeat proves that this was archived.
      if ((instance.settings.BackupRetentionPeriod ?? 0) > 0) await beat(world, instance);
      snapshot.status = "available";
      snapshot.percent = 100;
      recordEvent(
        world,
        { type: "db-snapshot", id, arn: snapshot.arn },
        "Manual snapshot created",
        "creation",
        "RDS-EVENT-0042",
      );
    } catch (error) {
      snapshot.status = "failed";
      world.log("rds", `the snapshot ${id} failed: ${(error as Error).message}`);
    } finally {
      if (instance.status === "backing-up") instance.status = "available";
    }
  })();
  instance.busy = done;
  return { snapshot, done };
}
