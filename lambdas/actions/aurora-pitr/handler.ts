import {
  type DBCluster,
  ModifyDBClusterCommand,
  RestoreDBClusterToPointInTimeCommand,
  type Tag,
} from "@aws-sdk/client-rds";
import type * as z from "zod";
import { refusal, WatchdogError } from "../../runtime/errors.ts";
import {
  type CarriedCluster,
  type CarriedMember,
  carriedCluster,
  carriedMember,
  clusterAfterwards,
  compareCluster,
  compareMember,
  type SeenCluster,
  seenCluster,
} from "../../runtime/rds/cluster-settings.ts";
import { findCluster } from "../../runtime/rds/clusters.ts";
import { findInstance, rds, tagOf } from "../../runtime/rds/instances.ts";
import { keyEvidence, ofKey } from "../../runtime/rds/key.ts";
import { restoredTags, setAside, untilRestorable } from "../../runtime/rds/restore.ts";
import { checkWindow, resolveRestoreTime } from "../../runtime/rds/restore-time.ts";
import { serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { restoredClusterName } from "../../runtime/tokens.ts";
import { createMember, lookAt, mustLive, ofState } from "./restored.ts";
import { auroraPitr } from "./spec.ts";

type Input = z.output<typeof auroraPitr.input>;
type Before = z.output<typeof auroraPitr.before>;
type Kept = { carried: CarriedCluster; seen: SeenCluster; tags: Tag[] };

const CLONE = "copy-on-write";

const keptOf = (before: Before) => before.settings as unknown as Kept;
const memberOf = (before: Before) => before.instance as CarriedMember;

/** What cannot be restored with these calls, or not with all that it has. */
function mustBeRestorable(source: DBCluster | undefined, cluster: string): asserts source is DBCluster {
  const not = (why: string, then: string) => refusal(`${why} Nothing was changed. ${then}`);
  if (!source) throw not(`There is no Aurora cluster ${cluster}.`, "Correct the plan.");
  if (!source.Engine?.startsWith("aurora"))
    throw not(`${cluster} is a Multi-AZ DB cluster (${source.Engine}), not Aurora.`, "Restore a snapshot.");
  if (source.EngineMode === "serverless")
    throw not(`${cluster} is Aurora Serverless v1, which has no instances to make.`, "Restore it by hand.");
  if (!source.DBSubnetGroup)
    throw not(
      `${cluster} has no DB subnet group (it was made without a VPC), so a copy would not stand where it stands.`,
      "Restore it by hand.",
    );
  if (source.Status !== "available")
    throw not(`${cluster} is ${source.Status}, and only an available cluster can be restored from.`, "Wait.");
}

/** The settings that every new instance gets: the writer's. */
async function memberSettings({ cluster, class: wanted, monitoringRole }: Input, source: DBCluster) {
  const name = source.DBClusterMembers?.find(({ IsClusterWriter }) => IsClusterWriter)?.DBInstanceIdentifier;
  const writer = name ? await findInstance(name) : undefined;
  if (!writer && !wanted)
    throw refusal(
      `${cluster} has no instance that writes, so it is not known of which class the copy's should be. Nothing was changed. Name it in the plan (class).`,
    );
  if (writer?.MonitoringRoleArn && writer.MonitoringInterval && writer.MonitoringRoleArn !== monitoringRole)
    throw refusal(
      `${name} has Enhanced Monitoring with ${writer.MonitoringRoleArn}, which this step may not hand on, so the copy would lose it. Nothing was changed. Name it in the plan as \`monitoringRole\`.`,
    );
  return {
    writer,
    settings: {
      ...(writer ? carriedMember(writer) : { Engine: source.Engine }),
      ...(wanted ? { DBInstanceClass: wanted } : {}),
    } as CarriedMember,
  };
}

export const verbs: Verbs<Input, Before> = {
  async preflight(input, { run, step, now }) {
    const { cluster, type } = input;
    const source = await findCluster(cluster);
    mustBeRestorable(source, cluster);
    const window = { earliest: source.EarliestRestorableTime, latest: source.LatestRestorableTime };
    const clone = type === CLONE;
    const { at, evidence } = clone
      ? { at: new Date(now()), evidence: ["a clone is the cluster as it is when the step runs"] }
      : resolveRestoreTime(input.to, input.margin, run, window.latest);
    if (!clone) checkWindow(cluster, at, window.earliest, window.latest, now());
    const { settings } = await memberSettings(input, source);
    const target = restoredClusterName(cluster, run, step.id);
    const carried = carriedCluster(source);
    const instances = Array.from({ length: input.instances }, (_, index) => `${target}-${index + 1}`);
    const loss = Math.max(0, Math.round((now() - at.getTime()) / 1000));
    const port = source.Port ?? 5432;
    // Endpoints of one account and region differ in the first label only.
    const address = (of: string | undefined) => ({ address: of?.replace(/^[^.]+/, target) ?? "", port });
    return {
      before: {
        cluster,
        target,
        instances,
        restoreTime: at.toISOString(),
        settings: {
          // What is practised with is deleted again, so nothing may protect it.
          carried: run.practice ? { ...carried, DeletionProtection: false } : carried,
          seen: seenCluster(source),
          tags: source.TagList ?? [],
        },
        instance: { ...settings },
      },
      after: { cluster: target, instances, restoreTime: at.toISOString() },
      summary: clone
        ? `a clone of ${cluster} as it is now, as the new cluster ${target}`
        : `${cluster} as it was at ${at.toISOString()}, as the new cluster ${target}; what was written in the last ${loss} s stays in ${cluster}`,
      evidence: [
        ...evidence,
        ...(clone
          ? []
          : [
              `Aurora can restore ${window.earliest?.toISOString()} to ${window.latest?.toISOString()}${window.latest && window.latest < at ? "; the restore waits until that time is reached" : ""}`,
            ]),
        `${instances.length} instance(s) of ${settings.DBInstanceClass}, billed with the cluster until a person deletes them`,
        ...keyEvidence(source.KmsKeyId),
      ],
      keeps: [`${cluster}, as it is, with everything that was written after ${at.toISOString()}`],
      losesFrom: at.toISOString(),
      ...(window.latest && !clone
        ? { recoverable: { until: window.latest.toISOString(), seenAt: new Date(now()).toISOString() } }
        : {}),
      expects: {
        cluster: target,
        endpoint: address(source.Endpoint),
        readerEndpoint: address(source.ReaderEndpoint),
        instances,
        restoreTime: at.toISOString(),
      },
    };
  },

  async apply({ cluster, type }, { before }, context) {
    const { run } = context;
    const { carried, seen, tags } = keptOf(before);
    const own = restoredTags(tags, cluster, context);
    const made = await lookAt(before.target, before.instances, run.id);
    if (!made.cluster) {
      await restoreCluster({ before, type, carried, tags: own }, context);
      return { done: false, note: `Aurora restores ${cluster} to ${before.restoreTime} as ${before.target}` };
    }
    if (made.cluster.Status !== "available")
      return { done: false, note: `${before.target} is ${made.cluster.Status}` };
    const missing = before.instances.filter((name) => !made.instances.get(name));
    for (const name of missing) await createMember(name, before.target, memberOf(before), own, run.id);
    if (missing.length > 0) return { done: false, note: `${before.target} gets ${missing.join(", ")}` };
    const change = clusterAfterwards(seen, made.cluster);
    if (!change) return { done: false, note: `${before.target} has its instances` };
    await rds()
      .send(
        new ModifyDBClusterCommand({
          DBClusterIdentifier: before.target,
          ApplyImmediately: true,
          ...change,
        }),
      )
      .catch((error: unknown) => {
        throw ofState(error, before.target);
      });
    return { done: false, note: `${before.target} gets ${Object.keys(change).join(", ")}` };
  },

  async poll(_, { before }, { run, phase, progress }) {
    if (phase === "revert") return { done: true, note: `${before.target} is kept` };
    const made = await lookAt(before.target, before.instances, run.id);
    const { cluster } = made;
    mustLive(made, before.cluster);
    if (cluster?.Status !== "available")
      return { done: false, note: `${before.target} is ${cluster?.Status ?? "not there yet"}` };
    const missing = before.instances.filter((name) => !made.instances.get(name));
    if (missing.length > 0)
      return {
        done: false,
        again: true,
        note: `${before.target} is there, and has no ${missing.join(", ")}`,
      };
    const members = [...made.instances.values()].map((each) => each!);
    const waiting = members.find(
      ({ DBInstanceStatus, DBParameterGroups }) =>
        DBInstanceStatus !== "available" ||
        DBParameterGroups?.some(({ ParameterApplyStatus }) => ParameterApplyStatus !== "in-sync"),
    );
    if (waiting)
      return {
        done: false,
        note: `${waiting.DBInstanceIdentifier} is ${waiting.DBInstanceStatus}${waiting.DBInstanceStatus === "available" ? ", its parameters are not in sync" : ""}`,
      };
    const { carried, seen } = keptOf(before);
    const { drift, afterwards, told } = compareCluster(carried, seen, cluster);
    drift.push(...members.flatMap((each) => compareMember(memberOf(before), each)));
    if (drift.length > 0)
      throw new WatchdogError(
        "SettingsDrift",
        `${before.target} does not have the settings of ${before.cluster}: ${drift.join("; ")}. Nothing was switched to it. Correct them, then start the run again.`,
      );
    // Asked for once; what Aurora then still does not have is told, and does not hold the restore up.
    if (afterwards.length > 0 && (progress as { asked?: boolean } | undefined)?.asked !== true)
      return {
        done: false,
        again: true,
        note: `${before.target} is available; still to be set: ${afterwards.join("; ")}`,
        progress: { asked: true },
      };
    const writer = cluster.DBClusterMembers?.find(({ IsClusterWriter }) => IsClusterWriter);
    if (!writer?.DBInstanceIdentifier) return { done: false, note: `${before.target} has no writer yet` };
    const differences = [...afterwards, ...told];
    const at = (address = "") => ({ address, port: cluster.Port ?? 5432 });
    return {
      done: true,
      note: `${before.target} is available with ${members.length} instance(s), ${Object.keys(carried).length} settings as on ${before.cluster}${differences.length > 0 ? `; not as there: ${differences.join("; ")}` : ""}`,
      outputs: {
        cluster: before.target,
        endpoint: at(cluster.Endpoint),
        readerEndpoint: at(cluster.ReaderEndpoint),
        instances: before.instances,
        writer: writer.DBInstanceIdentifier,
        restoreTime: before.restoreTime,
        ...(differences.length > 0 ? { differences } : {}),
      },
    };
  },

  // What was restored is never deleted: it is marked and kept.
  async revert(_, { before }, { run }) {
    const { cluster, instances } = await lookAt(before.target, before.instances, run.id);
    if (!cluster) return { done: true, note: `there is no ${before.target} to keep` };
    const made = [...instances.values()].flatMap((each) => each?.DBInstanceArn ?? []);
    for (const arn of [cluster.DBClusterArn, ...made]) await setAside(arn);
    return { done: true, note: `${before.target} and its ${made.length} instance(s) are kept and marked` };
  },
};

async function restoreCluster(
  { before, type, carried, tags }: { before: Before; type: string; carried: CarriedCluster; tags: Tag[] },
  context: Parameters<typeof verbs.apply>[2],
): Promise<void> {
  const at = new Date(before.restoreTime);
  if (type !== CLONE)
    await untilRestorable(
      before.cluster,
      at,
      async () => (await findCluster(before.cluster))?.LatestRestorableTime,
      context,
    );
  try {
    await rds().send(
      new RestoreDBClusterToPointInTimeCommand({
        ...carried,
        SourceDBClusterIdentifier: before.cluster,
        DBClusterIdentifier: before.target,
        RestoreType: type,
        ...(type === CLONE ? { UseLatestRestorableTime: true } : { RestoreToTime: at }),
        Tags: tags,
      }),
    );
  } catch (error) {
    // The SDK called again after a lost reply: the first call's cluster is ours.
    const made =
      (error as Error).name === "DBClusterAlreadyExistsFault" ? await findCluster(before.target) : undefined;
    if (!made || tagOf(made, "watchdog:run") !== context.run.id)
      throw ofState(ofKey(error, before.cluster), before.cluster);
  }
}

export const handler = serveAction(auroraPitr, verbs);
