import {
  AddTagsToResourceCommand,
  type DBInstance,
  ModifyDBInstanceCommand,
  RestoreDBInstanceToPointInTimeCommand,
} from "@aws-sdk/client-rds";
import { refusal, WatchdogError } from "../../runtime/errors.ts";
import { DEAD, findInstance, rds, restoreWindow } from "../../runtime/rds/instances.ts";
import {
  afterwardsChange,
  afterwardsSettings,
  type Carried,
  carriedSettings,
  compareSettings,
} from "../../runtime/rds/settings.ts";
import { serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { madeName, runTags } from "../../runtime/tokens.ts";
import { checkWindow, resolveRestoreTime } from "./restore-time.ts";
import { rdsPitr } from "./spec.ts";

type Input = { instance: string; to: string; margin: string; monitoringRole?: string | undefined };
type Before = {
  instance: string;
  arn: string;
  target: string;
  restoreTime: string;
  settings: Record<string, unknown>;
};

/** Milliseconds that one apply waits for the latest restorable time; then the engine calls it again. */
const WAIT_LONGEST = 90_000;
const LOOK = 1_000;

export const verbs: Verbs<Input, Before> = {
  async preflight({ instance, to, margin, monitoringRole }, { run, step, now }) {
    const source = await findInstance(instance);
    if (!source)
      throw refusal(`There is no RDS instance ${instance}. Nothing was changed. Correct the plan.`);
    if (source.Engine?.startsWith("aurora"))
      throw refusal(`${instance} is an Aurora instance, which rds-pitr cannot restore. Nothing was changed.`);
    if ((source.BackupRetentionPeriod ?? 0) === 0)
      throw refusal(
        `${instance} keeps no automated backups, so no point in time can be restored. Nothing was changed. Restore a snapshot.`,
      );
    if (source.MonitoringRoleArn && source.MonitoringInterval && source.MonitoringRoleArn !== monitoringRole)
      throw refusal(
        `${instance} has Enhanced Monitoring with ${source.MonitoringRoleArn}, which this step may not hand on, so the restored instance would lose it. ` +
          "Nothing was changed. Name it in the plan as `monitoringRole`.",
      );
    const window = await restoreWindow(instance);
    const { at, evidence } = resolveRestoreTime(to, margin, run, window.latest);
    checkWindow(instance, at, window.earliest, window.latest, now());
    const target = madeName(instance, run.id, step.id);
    // Endpoints of one account and region differ in the first label only.
    const address = source.Endpoint?.Address?.replace(/^[^.]+/, target);
    const loss = Math.max(0, Math.round((now() - at.getTime()) / 1000));
    return {
      before: {
        instance,
        arn: source.DBInstanceArn!,
        target,
        restoreTime: at.toISOString(),
        settings: {
          ...carriedSettings(source),
          afterwards: afterwardsSettings(source),
          tags: source.TagList ?? [],
        },
      },
      after: { instance: target, restoreTime: at.toISOString() },
      summary: `${instance} as it was at ${at.toISOString()}, as the new instance ${target}; what was written in the last ${loss} s stays in ${instance}`,
      evidence: [
        ...evidence,
        `RDS can restore ${window.earliest?.toISOString()} to ${window.latest?.toISOString()}${window.latest && window.latest < at ? "; the restore waits until that time is reached" : ""}`,
      ],
      keeps: [`${instance}, as it is, with everything that was written after ${at.toISOString()}`],
      losesFrom: at.toISOString(),
      ...(address
        ? {
            expects: {
              instance: target,
              endpoint: { address, port: source.Endpoint?.Port ?? 5432 },
              restoreTime: at.toISOString(),
            },
          }
        : {}),
    };
  },

  async apply({ instance }, { before }, { run, step, now, sleep }) {
    const own = async () => {
      const known = await findInstance(before.target);
      if (!known) return undefined;
      if (!known.TagList?.some(({ Key, Value }) => Key === "watchdog:run" && Value === run.id))
        throw new WatchdogError(
          "ChangedSincePreflight",
          `An instance ${before.target} exists that this run did not make. It was left alone. Nothing was changed.`,
        );
      const change = afterwardsChange(before.settings["afterwards"] as Partial<DBInstance>, known);
      if (known.DBInstanceStatus !== "available" || !change)
        return { done: false, note: `${before.target} is ${known.DBInstanceStatus}` };
      await rds().send(
        new ModifyDBInstanceCommand({
          DBInstanceIdentifier: before.target,
          ApplyImmediately: true,
          ...change,
        }),
      );
      return { done: false, note: `${before.target} gets ${Object.keys(change).join(", ")}` };
    };
    const begun = await own();
    if (begun) return begun;
    const at = new Date(before.restoreTime);
    const end = now() + WAIT_LONGEST;
    for (;;) {
      const { latest } = await restoreWindow(instance);
      if (latest && latest >= at) break;
      if (now() > end)
        throw new WatchdogError(
          "ServiceUnavailable",
          `RDS can restore ${instance} only up to ${latest?.toISOString() ?? "nothing yet"}; waiting for ${before.restoreTime}`,
        );
      await sleep(LOOK);
    }
    const {
      afterwards: _,
      tags,
      ...settings
    } = before.settings as { afterwards: unknown; tags: { Key?: string; Value?: string }[] } & Carried;
    const tagged = tags.filter(({ Key }) => !Key?.startsWith("aws:") && !Key?.startsWith("watchdog:"));
    try {
      await rds().send(
        new RestoreDBInstanceToPointInTimeCommand({
          ...settings,
          SourceDBInstanceIdentifier: instance,
          TargetDBInstanceIdentifier: before.target,
          RestoreTime: at,
          Tags: [...tagged, ...runTags(run, step.id), { Key: "watchdog:source", Value: instance }],
        }),
      );
    } catch (error) {
      // The SDK called again after a lost reply: the first call's instance is ours.
      const made = (error as Error).name === "DBInstanceAlreadyExistsFault" ? await own() : undefined;
      if (made) return made;
      throw error;
    }
    return { done: false, note: `RDS restores ${instance} to ${before.restoreTime} as ${before.target}` };
  },

  async poll(_, { before }, { phase, progress }) {
    if (phase === "revert") return { done: true, note: `${before.target} is kept` };
    const found = await findInstance(before.target);
    const status = found?.DBInstanceStatus ?? "not there yet";
    if (DEAD.includes(status))
      throw new WatchdogError(
        "WorkFailed",
        `RDS made ${before.target} from ${before.instance}, and it is ${status}. The source was not touched. See the events of ${before.target}.`,
      );
    const pending =
      found?.DBParameterGroups?.some(({ ParameterApplyStatus }) => ParameterApplyStatus !== "in-sync") ??
      false;
    // RDS says "available" before the parameter group is in sync; cutting over then would lose its parameters.
    if (status !== "available" || pending || !found?.Endpoint?.Address)
      return {
        done: false,
        note: `${before.target} is ${status}${pending ? ", its parameters are not in sync" : ""}`,
      };
    const {
      afterwards,
      tags: __,
      ...wanted
    } = before.settings as { afterwards: Partial<DBInstance>; tags: unknown } & Carried;
    const { drift, afterwards: later } = compareSettings(wanted, afterwards, found);
    const asked = (progress as { asked?: boolean } | undefined)?.asked === true;
    if (drift.length > 0)
      throw new WatchdogError(
        "SettingsDrift",
        `${before.target} does not have the settings of ${before.instance}: ${drift.join("; ")}. Nothing was switched to it. Correct them, then start the run again.`,
      );
    // Asked for once; what RDS then still does not have is told, and does not hold the restore up.
    if (later.length > 0 && !asked)
      return {
        done: false,
        again: true,
        note: `${before.target} is available; still to be set: ${later.join("; ")}`,
        progress: { asked: true },
      };
    return {
      done: true,
      note: `${before.target} is available, ${Object.keys(wanted).length} settings as on ${before.instance}${later.length > 0 ? `; not as there: ${later.join("; ")}` : ""}`,
      outputs: {
        instance: before.target,
        endpoint: { address: found.Endpoint.Address, port: found.Endpoint.Port ?? 5432 },
        restoreTime: before.restoreTime,
        ...(later.length > 0 ? { differences: later } : {}),
      },
    };
  },

  // What was restored is never deleted: it is marked and kept.
  async revert(_, { before }) {
    const found = await findInstance(before.target);
    if (!found) return { done: true, note: `there is no ${before.target} to keep` };
    await rds().send(
      new AddTagsToResourceCommand({
        ResourceName: found.DBInstanceArn,
        Tags: [{ Key: "watchdog:set-aside", Value: "true" }],
      }),
    );
    return { done: true, note: `${before.target} is kept and marked` };
  },
};

export const handler = serveAction(rdsPitr, verbs);
