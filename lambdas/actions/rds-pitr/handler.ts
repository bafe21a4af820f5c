import { refusal, WatchdogError } from "../../runtime/errors.ts";
import { DEAD, findInstance, restoreWindow, tagOf } from "../../runtime/rds/instances.ts";
import {
  copyEvidence,
  type Kept,
  keptApart,
  keptOf,
  restoredTags,
  restoreInstance,
  setAfterwards,
  setAside,
} from "../../runtime/rds/restore.ts";
import { checkWindow, resolveRestoreTime } from "../../runtime/rds/restore-time.ts";
import { compareSettings } from "../../runtime/rds/settings.ts";
import { serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { restoredName } from "../../runtime/tokens.ts";
import { rdsPitr } from "./spec.ts";

type Input = { instance: string; to: string; margin: string; monitoringRole?: string | undefined };
type Before = {
  instance: string;
  arn: string;
  target: string;
  restoreTime: string;
  settings: Record<string, unknown>;
};

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
    const target = restoredName(instance, run, step.id);
    // Endpoints of one account and region differ in the first label only.
    const address = source.Endpoint?.Address?.replace(/^[^.]+/, target);
    const loss = Math.max(0, Math.round((now() - at.getTime()) / 1000));
    return {
      before: {
        instance,
        arn: source.DBInstanceArn!,
        target,
        restoreTime: at.toISOString(),
        // What is practised with is deleted again, so nothing may protect it.
        settings: { ...keptOf(source), ...(run.practice ? { DeletionProtection: false } : {}) },
      },
      after: { instance: target, restoreTime: at.toISOString() },
      summary: `${instance} as it was at ${at.toISOString()}, as the new instance ${target}; what was written in the last ${loss} s stays in ${instance}`,
      evidence: [
        ...evidence,
        `RDS can restore ${window.earliest?.toISOString()} to ${window.latest?.toISOString()}${window.latest && window.latest < at ? "; the restore waits until that time is reached" : ""}`,
        ...copyEvidence(source),
      ],
      keeps: [`${instance}, as it is, with everything that was written after ${at.toISOString()}`],
      losesFrom: at.toISOString(),
      ...(window.latest
        ? { recoverable: { until: window.latest.toISOString(), seenAt: new Date(now()).toISOString() } }
        : {}),
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

  async apply({ instance }, { before }, context) {
    const known = await findInstance(before.target);
    if (known) {
      if (tagOf(known, "watchdog:run") !== context.run.id)
        throw new WatchdogError(
          "ChangedSincePreflight",
          `An instance ${before.target} exists that this run did not make. It was left alone. Nothing was changed.`,
        );
      const asked = await setAfterwards((before.settings as Kept).afterwards, known);
      return {
        done: false,
        note: `${before.target} ${asked.length > 0 ? `gets ${asked.join(", ")}` : `is ${known.DBInstanceStatus}`}`,
      };
    }
    const { wanted, tags } = keptApart(before.settings as Kept);
    const at = new Date(before.restoreTime);
    const own = restoredTags(tags, instance, context);
    await restoreInstance(
      { source: instance, target: before.target, at, settings: wanted, tags: own },
      context,
    );
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
    const { wanted, afterwards, absent } = keptApart(before.settings as Kept);
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
    const differences = [...later, ...absent.map((line) => `it has not ${line}`)];
    return {
      done: true,
      note: `${before.target} is available, ${Object.keys(wanted).length} settings as on ${before.instance}${differences.length > 0 ? `; not as there: ${differences.join("; ")}` : ""}`,
      outputs: {
        instance: before.target,
        endpoint: { address: found.Endpoint.Address, port: found.Endpoint.Port ?? 5432 },
        restoreTime: before.restoreTime,
        ...(differences.length > 0 ? { differences } : {}),
      },
    };
  },

  // What was restored is never deleted: it is marked and kept.
  async revert(_, { before }) {
    const found = await findInstance(before.target);
    if (!found) return { done: true, note: `there is no ${before.target} to keep` };
    await setAside(found.DBInstanceArn);
    return { done: true, note: `${before.target} is kept and marked` };
  },
};

export const handler = serveAction(rdsPitr, verbs);
