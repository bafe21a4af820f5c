import type * as z from "zod";
import { refusal, WatchdogError } from "../../runtime/errors.ts";
import { DEAD, findInstance, restoreWindow } from "../../runtime/rds/instances.ts";
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
import { type Carried, compareSettings } from "../../runtime/rds/settings.ts";
import { type StepContext, serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { madeName } from "../../runtime/tokens.ts";
import { mostAsked, next } from "./bisect.ts";
import { ask, candidateName, candidatesOf, isWell, momentTag } from "./candidates.ts";
import { rdsLastGood } from "./spec.ts";

type Input = z.output<typeof rdsLastGood.input>;
type Before = z.output<typeof rdsLastGood.before>;

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600 };
const SECOND = 1000;
const iso = (at: number) => new Date(at).toISOString();

/** A moment at which the data was well, whole seconds, or a refusal. */
function knownGood({ knownGood: given, margin }: Input, { run }: StepContext): number {
  const text = given === "before-deployment" ? run.deployment?.startedAt : given;
  const less = given === "before-deployment" ? Number.parseInt(margin, 10) * UNITS[margin.at(-1)!]! : 0;
  const at = Date.parse(text ?? "") - less * SECOND;
  if (Number.isNaN(at))
    throw refusal(
      "The plan looks for the last good moment since the deployment, and no deployment is recorded. Nothing was changed. Name a moment in the plan (knownGood).",
    );
  return Math.floor(at / SECOND) * SECOND;
}

/** Restores one moment under a name, which is written on it. */
const restore = (
  { before, at, target, settings }: { before: Before; at: number; target: string; settings: Carried },
  context: StepContext,
) => {
  const { tags } = before.settings as Kept;
  return restoreInstance(
    {
      source: before.instance,
      target,
      at: new Date(at),
      settings,
      tags: [...restoredTags(tags, before.instance, context), momentTag(at)],
    },
    context,
  );
};

const settingsOf = (before: Before) => keptApart(before.settings as Kept);

/** A candidate is asked one question and then kept for a person to delete: one zone, no backups, no protection. */
const plain = (wanted: Carried): Carried => ({
  ...wanted,
  MultiAZ: false,
  DeletionProtection: false,
  BackupRetentionPeriod: 0,
});

function noGoodMoment(input: Input, before: Before): WatchdogError {
  return new WatchdogError(
    "WorkFailed",
    `${input.instance} was not well at ${iso(before.good)} either, the moment that the plan takes to be good. The source was not touched; the candidates are kept. Name an earlier moment (knownGood).`,
  );
}

export const verbs: Verbs<Input, Before> = {
  async preflight(input, context) {
    const { instance } = input;
    const source = await findInstance(instance);
    if (!source?.Endpoint?.Address || (source.BackupRetentionPeriod ?? 0) === 0)
      throw refusal(
        `${instance} is not there or keeps no automated backups, so no point in time can be restored. Nothing was changed. Restore a snapshot.`,
      );
    const good = knownGood(input, context);
    const known = input.knownBad ? Math.min(Date.parse(input.knownBad), context.now()) : context.now();
    const bad = Math.ceil(known / SECOND) * SECOND;
    if (bad <= good)
      throw refusal(
        `The moment known to be good, ${iso(good)}, is not before the one known to be bad, ${iso(bad)}. Nothing was changed. Correct the plan.`,
      );
    const { earliest, latest } = await restoreWindow(instance);
    if (!earliest || !latest || good < earliest.getTime())
      throw new WatchdogError(
        "RestoreTimeOutOfRange",
        `${instance} cannot be restored to ${iso(good)}: RDS holds ${earliest?.toISOString() ?? "nothing"} to ${latest?.toISOString() ?? "nothing"}. Nothing was changed. Name a later moment (knownGood).`,
      );
    const minutes = (bad - good) / SECOND / 60;
    if (minutes > input.within)
      throw refusal(
        `From ${iso(good)} to ${iso(bad)} are ${Math.ceil(minutes)} minutes, and the plan looks at ${input.within} at the most (within). Nothing was changed. Name a later good moment, or allow more.`,
      );
    const at = { address: source.Endpoint.Address, port: source.Endpoint.Port ?? 5432 };
    if (await isWell(input, at, instance))
      throw refusal(
        `The integrity query holds in ${instance} now, so there is no damage to go back from. Nothing was changed. Look elsewhere, or correct the query.`,
      );
    const target = madeName(instance, context.run.id, context.step.id);
    const most = mostAsked(good, bad) + 1;
    const address = at.address.replace(/^[^.]+/, target);
    return {
      before: {
        instance,
        target,
        good,
        bad,
        most,
        settings: keptOf(source),
      },
      after: { instance: target, between: [iso(good), iso(bad)] },
      summary: `${instance} as it was at the last second between ${iso(good)} and ${iso(bad)} at which the data was well, as the new instance ${target}`,
      evidence: [
        `the integrity query does not hold in ${instance} now`,
        `up to ${most} restores one after another, each as long as a restore of ${instance} takes: ${most - 1} to ask (${source.DBInstanceClass}, ${source.AllocatedStorage} GiB, one zone, no backups) and the one that is kept`,
        "every restored instance is billed until a person deletes it",
        ...copyEvidence(source),
      ],
      keeps: [`${instance}, as it is, with everything that was written since`],
      losesFrom: iso(good),
      expects: { instance: target, endpoint: { address, port: at.port } },
    };
  },

  async apply(input, { before }, context) {
    const { run, step } = context;
    const known = await candidatesOf(input.instance, run, step.id);
    const { open } = known;
    if (open) {
      if (open.DBInstanceStatus !== "available" || !open.Endpoint?.Address)
        return { done: false, note: `${open.DBInstanceIdentifier} is ${open.DBInstanceStatus}` };
      known.answers.push(await ask(input, open));
    }
    const { wanted, afterwards } = settingsOf(before);
    const then = next(before.good, before.bad, known.answers);
    if ("ask" in then) {
      const target = candidateName(input.instance, run, step.id, known.names.length);
      await restore({ before, at: then.ask, target, settings: plain(wanted) }, context);
      return {
        done: false,
        note: `${known.names.length + 1} of at most ${before.most}: was it well at ${iso(then.ask)}?`,
      };
    }
    const made = await findInstance(before.target);
    if (!made) {
      await restore({ before, at: then.found, target: before.target, settings: wanted }, context);
      return { done: false, note: `well until ${iso(then.found)}: RDS restores that as ${before.target}` };
    }
    await setAfterwards(afterwards, made);
    return { done: false, note: `${before.target} is ${made.DBInstanceStatus}` };
  },

  async poll(input, { before }, { run, step, phase, progress }) {
    if (phase === "revert") return { done: true, note: `${before.target} and its candidates are kept` };
    const known = await candidatesOf(input.instance, run, step.id);
    if (known.open) {
      const { DBInstanceIdentifier, DBInstanceStatus, Endpoint } = known.open;
      const ready = DBInstanceStatus === "available" && Endpoint?.Address !== undefined;
      return { done: false, again: ready, note: `${DBInstanceIdentifier} is ${DBInstanceStatus}` };
    }
    const then = next(before.good, before.bad, known.answers);
    const found = "found" in then ? await findInstance(before.target) : undefined;
    if (!found || "ask" in then) return { done: false, again: true, note: "the next moment is looked at" };
    if (DEAD.includes(found.DBInstanceStatus ?? ""))
      throw new WatchdogError(
        "WorkFailed",
        `RDS made ${before.target} from ${before.instance}, and it is ${found.DBInstanceStatus}. The source was not touched. See the events of ${before.target}.`,
      );
    const pending = found.DBParameterGroups?.some((each) => each.ParameterApplyStatus !== "in-sync") ?? false;
    if (found.DBInstanceStatus !== "available" || pending || !found.Endpoint?.Address)
      return { done: false, note: `${before.target} is ${found.DBInstanceStatus}` };
    const { wanted, afterwards, absent } = settingsOf(before);
    const { drift, afterwards: later } = compareSettings(wanted, afterwards, found);
    if (drift.length > 0)
      throw new WatchdogError(
        "SettingsDrift",
        `${before.target} does not have the settings of ${before.instance}: ${drift.join("; ")}. Nothing was switched to it. Correct them, then start the run again.`,
      );
    if (later.length > 0 && (progress as { asked?: boolean } | undefined)?.asked !== true)
      return {
        done: false,
        again: true,
        note: `still to be set: ${later.join("; ")}`,
        progress: { asked: true },
      };
    const endpoint = { address: found.Endpoint.Address, port: found.Endpoint.Port ?? 5432 };
    // Proved on the instance that is handed on: the moment taken to be good was not asked when all after it was bad.
    if (!(await isWell(input, endpoint, before.target))) throw noGoodMoment(input, before);
    const differences = [...later, ...absent.map((line) => `it has not ${line}`)];
    return {
      done: true,
      note: `${before.instance} was well until ${iso(then.found)}: ${before.target} is that, after ${known.names.length} candidate(s)`,
      outputs: {
        instance: before.target,
        endpoint,
        restoreTime: iso(then.found),
        candidates: known.names,
        kept: [
          `${before.instance}, as it is, with everything that was written after ${iso(then.found)}`,
          ...known.names.map((name) => `the candidate ${name}, billed until a person deletes it`),
        ],
        ...(differences.length > 0 ? { differences } : {}),
      },
    };
  },

  // What was restored is never deleted: it is marked and kept.
  async revert(input, { before }, { run, step }) {
    const { names } = await candidatesOf(input.instance, run, step.id);
    let marked = 0;
    for (const name of [...names, before.target]) {
      const found = await findInstance(name);
      if (!found) continue;
      await setAside(found.DBInstanceArn);
      marked += 1;
    }
    return { done: true, note: `${marked} restored instance(s) are kept and marked` };
  },
};

export const handler = serveAction(rdsLastGood, verbs);
