import {
  AddTagsToResourceCommand,
  type DBInstance,
  ModifyDBInstanceCommand,
  RestoreDBInstanceToPointInTimeCommand,
  type Tag,
} from "@aws-sdk/client-rds";
import { WatchdogError } from "../errors.ts";
import type { StepContext } from "../serve-action.ts";
import { runTags } from "../tokens.ts";
import { absentFromCopy } from "./absent.ts";
import { findInstance, rds, restoreWindow, tagOf } from "./instances.ts";
import { keyEvidence, ofKey } from "./key.ts";
import { afterwardsChange, afterwardsSettings, type Carried, carriedSettings } from "./settings.ts";

/** Milliseconds that one apply waits for the latest restorable time; then the engine calls it again. */
const WAIT_LONGEST = 90_000;
const LOOK = 1_000;

/** What of a source is kept in `before`: everything that its copy must have too, and what it will lack. */
export type Kept = Carried & { afterwards: Partial<DBInstance>; tags: Tag[]; absent: string[] };

export const keptOf = (source: DBInstance): Kept => ({
  ...carriedSettings(source),
  afterwards: afterwardsSettings(source),
  tags: source.TagList ?? [],
  absent: absentFromCopy(source),
});

/** What was kept, apart: `wanted` is given to the restore itself. */
export function keptApart({ afterwards, tags, absent, ...wanted }: Kept): {
  wanted: Carried;
  afterwards: Partial<DBInstance>;
  tags: Tag[];
  absent: string[];
} {
  return { wanted, afterwards, tags, absent };
}

/** What whoever is asked must know of the copy: what it will lack, and a key that may be in the way. */
export const copyEvidence = (source: DBInstance): string[] => [
  ...absentFromCopy(source).map((line) => `the copy will not have ${line}`),
  ...keyEvidence(source.KmsKeyId),
];

/** Tags of what is restored: the source's own, without AWS's and an earlier run's, and the run's. */
export const restoredTags = (
  tags: Tag[],
  source: string,
  { run, step }: Pick<StepContext, "run" | "step">,
): Tag[] => [
  ...tags.filter(({ Key }) => !Key?.startsWith("aws:") && !Key?.startsWith("watchdog:")),
  ...runTags(run, step.id),
  { Key: "watchdog:source", Value: source },
];

/** Waits until RDS can restore a moment that has passed already: the latest restorable time trails. */
export async function untilRestorable(
  source: string,
  at: Date,
  latestOf: () => Promise<Date | undefined>,
  { now, sleep }: Pick<StepContext, "now" | "sleep">,
): Promise<void> {
  const end = now() + WAIT_LONGEST;
  for (;;) {
    const latest = await latestOf();
    if (latest && latest >= at) return;
    if (now() > end)
      throw new WatchdogError(
        "ServiceUnavailable",
        `RDS can restore ${source} only up to ${latest?.toISOString() ?? "nothing yet"}; waiting for ${at.toISOString()}`,
      );
    await sleep(LOOK);
  }
}

/** Restores one moment of an instance under a name; the same name again is the same restore. */
export async function restoreInstance(
  wanted: { source: string; target: string; at: Date; settings: Carried; tags: Tag[] },
  context: StepContext,
): Promise<void> {
  const { source, target, at, settings, tags } = wanted;
  await untilRestorable(source, at, async () => (await restoreWindow(source)).latest, context);
  try {
    await rds().send(
      new RestoreDBInstanceToPointInTimeCommand({
        ...settings,
        SourceDBInstanceIdentifier: source,
        TargetDBInstanceIdentifier: target,
        RestoreTime: at,
        Tags: tags,
      }),
    );
  } catch (error) {
    // The SDK called again after a lost reply: the first call's instance is ours.
    const made =
      (error as Error).name === "DBInstanceAlreadyExistsFault" ? await findInstance(target) : undefined;
    if (!made || tagOf(made, "watchdog:run") !== context.run.id) throw ofKey(error, source);
  }
}

/** Asks for the settings that a restore cannot be given. Names of those asked for; none when the instance has them. */
export async function setAfterwards(wanted: Partial<DBInstance>, restored: DBInstance): Promise<string[]> {
  const change = afterwardsChange(wanted, restored);
  if (restored.DBInstanceStatus !== "available" || !change) return [];
  await rds().send(
    new ModifyDBInstanceCommand({
      DBInstanceIdentifier: restored.DBInstanceIdentifier,
      ApplyImmediately: true,
      ...change,
    }),
  );
  return Object.keys(change);
}

/** Marks what a run made and no longer needs. It is never deleted. */
export const setAside = (arn: string | undefined) =>
  rds().send(
    new AddTagsToResourceCommand({
      ResourceName: arn,
      Tags: [{ Key: "watchdog:set-aside", Value: "true" }],
    }),
  );
