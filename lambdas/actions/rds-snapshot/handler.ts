import {
  AddTagsToResourceCommand,
  CreateDBSnapshotCommand,
  type DBSnapshot,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { clientSettings, once } from "../../runtime/clients.ts";
import { refusal, WatchdogError } from "../../runtime/errors.ts";
import { serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { madeName, runTags } from "../../runtime/tokens.ts";
import { rdsSnapshot } from "./spec.ts";

const rds = once(() => new RDSClient(clientSettings));
type Before = { instance: string; arn: string; snapshot: string };

async function find(id: string): Promise<DBSnapshot | undefined> {
  try {
    const { DBSnapshots } = await rds().send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: id }));
    return DBSnapshots?.[0];
  } catch (error) {
    if ((error as Error).name === "DBSnapshotNotFoundFault") return undefined;
    throw error;
  }
}

const progress = (snapshot: DBSnapshot | undefined, id: string) => {
  if (snapshot?.Status === "failed")
    throw new WatchdogError(
      "WorkFailed",
      `RDS failed the snapshot ${id}. No data was changed. The run stops, since nothing is changed without a backup; see the instance's events.`,
    );
  const done = snapshot?.Status === "available";
  return {
    done,
    note: `snapshot ${id} is ${snapshot?.Status ?? "not there yet"}${done ? "" : ` (${snapshot?.PercentProgress ?? 0} %)`}`,
    ...(done
      ? {
          outputs: {
            snapshot: id,
            arn: snapshot.DBSnapshotArn!,
            takenAt: snapshot.SnapshotCreateTime!.toISOString(),
          },
        }
      : {}),
  };
};

export const verbs: Verbs<{ instance: string }, Before> = {
  async preflight({ instance }, { run, step }) {
    const { DBInstances } = await rds().send(
      new DescribeDBInstancesCommand({ DBInstanceIdentifier: instance }),
    );
    const found = DBInstances?.[0];
    if (
      !found ||
      !["available", "backing-up", "modifying", "storage-optimization"].includes(found.DBInstanceStatus ?? "")
    )
      throw refusal(
        `${instance} is ${found?.DBInstanceStatus ?? "not there"}, and only an available instance can be saved. Nothing was changed. Bring it up first.`,
      );
    const snapshot = madeName(instance, run.id, step.id, 255);
    return {
      before: { instance, arn: found.DBInstanceArn!, snapshot },
      after: { snapshot },
      summary: `snapshot ${snapshot} of ${instance}`,
      keeps: [`the snapshot ${snapshot} of ${instance} from before the first change`],
      expects: { snapshot },
    };
  },

  async apply({ instance }, { before }, { run, step }) {
    const own = async () => {
      const known = await find(before.snapshot);
      if (!known) return undefined;
      if (!known.TagList?.some(({ Key, Value }) => Key === "watchdog:run" && Value === run.id))
        throw new WatchdogError(
          "ChangedSincePreflight",
          `A snapshot ${before.snapshot} exists that this run did not take. It was left alone. Nothing was changed.`,
        );
      return progress(known, before.snapshot);
    };
    const done = await own();
    if (done) return done;
    try {
      const { DBSnapshot } = await rds().send(
        new CreateDBSnapshotCommand({
          DBInstanceIdentifier: instance,
          DBSnapshotIdentifier: before.snapshot,
          Tags: runTags(run, step.id),
        }),
      );
      return progress(DBSnapshot, before.snapshot);
    } catch (error) {
      // The SDK called again after a lost reply: the first call's snapshot is ours.
      const made = (error as Error).name === "DBSnapshotAlreadyExistsFault" ? await own() : undefined;
      if (made) return made;
      if ((error as Error).name === "InvalidDBInstanceStateFault")
        throw new WatchdogError(
          "ServiceUnavailable",
          `${instance} cannot be saved at this moment: ${(error as Error).message}`,
          { cause: error },
        );
      throw error;
    }
  },

  poll: async (_, { before }, { phase }) =>
    phase === "revert"
      ? { done: true, note: "kept" }
      : progress(await find(before.snapshot), before.snapshot),

  // A backup is never taken back: it is marked and kept.
  async revert(_, { before }) {
    const known = await find(before.snapshot);
    if (!known) return { done: true, note: `there is no snapshot ${before.snapshot} to keep` };
    await rds().send(
      new AddTagsToResourceCommand({
        ResourceName: known.DBSnapshotArn,
        Tags: [{ Key: "watchdog:set-aside", Value: "true" }],
      }),
    );
    return { done: true, note: `snapshot ${before.snapshot} is kept` };
  },
};

export const handler = serveAction(rdsSnapshot, verbs);
