import { type DBInstance, ModifyDBInstanceCommand } from "@aws-sdk/client-rds";
import { refusal, WatchdogError } from "../../runtime/errors.ts";
import { DEAD, findInstance, rds } from "../../runtime/rds/instances.ts";
import { serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { madeName } from "../../runtime/tokens.ts";
import { leftBehind } from "./left-behind.ts";
import { rdsRenameSwap } from "./spec.ts";

type Input = { instance: string; restored: string };
type Before = { instance: string; restored: string; aside: string; resourceId: string };

/** How far the swap is, read from the names alone: nothing has to be remembered, and a late call finds it too. */
type Stage = "not begun" | "between" | "swapped";

interface Seen {
  stage: Stage;
  /** The old instance, by its resource id, under whichever of its two names. */
  old: DBInstance;
  /** The restored one. */
  restored: DBInstance;
}

async function look({ instance, restored, aside, resourceId }: Before): Promise<Seen> {
  const [live, kept, made] = await Promise.all([instance, aside, restored].map(findInstance));
  const isOld = (found: DBInstance | undefined) => found?.DbiResourceId === resourceId;
  if (isOld(live) && !kept && made) return { stage: "not begun", old: live!, restored: made };
  if (!live && isOld(kept) && made) return { stage: "between", old: kept!, restored: made };
  if (live && !isOld(live) && isOld(kept) && !made) return { stage: "swapped", old: kept!, restored: live };
  // A rename that is being carried out shows its instance under neither name for a moment.
  if (!live && (!kept || !made))
    throw new WatchdogError(
      "ServiceUnavailable",
      `${instance} (${resourceId}) or ${restored} is under none of its names at this moment; a rename may be under way`,
    );
  const said = [
    [instance, live],
    [aside, kept],
    [restored, made],
  ] as const;
  throw new WatchdogError(
    "ChangedSincePreflight",
    `The names are not as this run knows them: ${said.map(([name, found]) => `${name} is ${found ? found.DbiResourceId : "not there"}`).join(", ")}; the old instance is ${resourceId}. ` +
      "Nothing was renamed. Find out who renamed them; no instance was deleted.",
  );
}

const busy = ({ DBInstanceStatus, DBInstanceIdentifier }: DBInstance): string | undefined => {
  if (DEAD.includes(DBInstanceStatus ?? ""))
    throw new WatchdogError(
      "WorkFailed",
      `${DBInstanceIdentifier} is ${DBInstanceStatus}. Nothing more was renamed, and nothing was deleted. See its events.`,
    );
  return DBInstanceStatus === "available" ? undefined : `${DBInstanceIdentifier} is ${DBInstanceStatus}`;
};

/** Asks for one rename; without ApplyImmediately it would wait for the maintenance window. */
async function rename({ DBInstanceIdentifier }: DBInstance, to: string) {
  await rds().send(
    new ModifyDBInstanceCommand({
      DBInstanceIdentifier,
      NewDBInstanceIdentifier: to,
      ApplyImmediately: true,
    }),
  );
  return { done: false, note: `${DBInstanceIdentifier} becomes ${to}` };
}

export const verbs: Verbs<Input, Before> = {
  async preflight({ instance, restored }, { run, step }) {
    const live = await findInstance(instance);
    if (!live?.DbiResourceId || !live.Endpoint?.Address)
      throw refusal(`There is no RDS instance ${instance}. Nothing was changed. Correct the plan.`);
    if (restored === instance)
      throw refusal(
        `${instance} would be swapped with itself. Nothing was changed. Name the restored instance in the plan.`,
      );
    const aside = madeName(instance, run.id, step.id);
    const port = live.Endpoint.Port ?? 5432;
    return {
      before: { instance, restored, aside, resourceId: live.DbiResourceId },
      after: { instance: restored, aside },
      summary: `${restored} becomes ${instance}, and what is ${instance} now is kept as ${aside}; both reboot`,
      evidence: [
        "two renames, one after the other: between them the name leads nowhere, and RDS says that a new name may take ten minutes to be known",
        "metrics and events go with the name, tags and snapshots with the instance",
        ...leftBehind(live),
      ],
      keeps: [`what is ${instance} now (${live.DbiResourceId}), as ${aside}`],
      expects: { instance, aside, endpoint: { address: live.Endpoint.Address, port } },
    };
  },

  async apply(_, { before }) {
    const seen = await look(before);
    const note = busy(seen.old) ?? busy(seen.restored);
    if (note || seen.stage === "swapped") return { done: false, note: note ?? "both have their names" };
    return seen.stage === "not begun"
      ? rename(seen.old, before.aside)
      : rename(seen.restored, before.instance);
  },

  async poll(_, { before }, { phase }) {
    const seen = await look(before);
    const note = busy(seen.old) ?? busy(seen.restored);
    if (note) return { done: false, note };
    const wanted: Stage = phase === "apply" ? "swapped" : "not begun";
    if (seen.stage !== wanted)
      return { done: false, again: true, note: `the next rename follows (${seen.stage})` };
    const { Address: address = "", Port: port = 5432 } = seen.restored.Endpoint ?? {};
    return phase === "revert"
      ? { done: true, note: `${before.instance} is the old instance again` }
      : {
          done: true,
          note: `${before.instance} is the restored instance now; the old one is kept as ${before.aside}`,
          outputs: { instance: before.instance, aside: before.aside, endpoint: { address, port } },
        };
  },

  async revert(_, { before }) {
    // Where the restored instance was never made, there was nothing to swap with.
    const [live, made] = await Promise.all([findInstance(before.instance), findInstance(before.restored)]);
    if (live?.DbiResourceId === before.resourceId && !made)
      return { done: true, note: `${before.instance} was not renamed` };
    const seen = await look(before);
    const note = busy(seen.old) ?? busy(seen.restored);
    if (note) return { done: false, note };
    if (seen.stage === "not begun") return { done: true, note: `${before.instance} is the old instance` };
    return seen.stage === "between"
      ? rename(seen.old, before.instance)
      : rename(seen.restored, before.restored);
  },
};

export const handler = serveAction(rdsRenameSwap, verbs);
