import { AddTagsToResourceCommand, type Tag } from "@aws-sdk/client-rds";
import { refusal, WatchdogError } from "../errors.ts";
import type { Verbs } from "../serve-action.ts";
import { madeName, runTags } from "../tokens.ts";
import { rds } from "./instances.ts";

/** A snapshot, of an instance or a cluster. */
export interface Taken {
  arn: string | undefined;
  status: string | undefined;
  percent: number | undefined;
  takenAt: Date | undefined;
  tags: Tag[];
}

/** How one kind of thing is saved. */
export interface Saved<Input> {
  /** Identifier of what is saved. */
  of(input: Input): string;
  /** What it is now; undefined when it is not there. */
  look(input: Input): Promise<{ arn: string | undefined; status: string | undefined } | undefined>;
  /** Statuses in which it can be saved, now or in a moment. */
  statuses: string[];
  find(snapshot: string): Promise<Taken | undefined>;
  create(source: string, snapshot: string, tags: Tag[]): Promise<Taken | undefined>;
  /** Name of the error that says: there is a snapshot of that name. */
  exists: string;
  /** Name of the error that says: not in this status. */
  busy: string;
}

interface Before {
  source: string;
  arn: string;
  snapshot: string;
}

const progress = (found: Taken | undefined, id: string) => {
  if (found?.status === "failed")
    throw new WatchdogError(
      "WorkFailed",
      `RDS failed the snapshot ${id}. No data was changed. The run stops, since nothing is changed without a backup; see the events of what was to be saved.`,
    );
  const done = found?.status === "available";
  return {
    done,
    note: `snapshot ${id} is ${found?.status ?? "not there yet"}${done ? "" : ` (${found?.percent ?? 0} %)`}`,
    ...(done ? { outputs: { snapshot: id, arn: found.arn!, takenAt: found.takenAt!.toISOString() } } : {}),
  };
};

/** The verbs of a step that takes a snapshot and waits for it. */
export function snapshotVerbs<Input>(kind: Saved<Input>): Verbs<Input, Before> {
  return {
    async preflight(input, { run, step }) {
      const source = kind.of(input);
      const found = await kind.look(input);
      if (!found || !kind.statuses.includes(found.status ?? ""))
        throw refusal(
          `${source} is ${found?.status ?? "not there"}, and only what is available can be saved. Nothing was changed. Bring it up first.`,
        );
      const snapshot = madeName(source, run.id, step.id, 255);
      return {
        before: { source, arn: found.arn!, snapshot },
        after: { snapshot },
        summary: `snapshot ${snapshot} of ${source}`,
        keeps: [`the snapshot ${snapshot} of ${source} from before the first change`],
        expects: { snapshot },
      };
    },

    async apply(_, { before }, { run, step }) {
      const own = async () => {
        const known = await kind.find(before.snapshot);
        if (!known) return undefined;
        if (!known.tags.some(({ Key, Value }) => Key === "watchdog:run" && Value === run.id))
          throw new WatchdogError(
            "ChangedSincePreflight",
            `A snapshot ${before.snapshot} exists that this run did not take. It was left alone. Nothing was changed.`,
          );
        return progress(known, before.snapshot);
      };
      const done = await own();
      if (done) return done;
      try {
        const taken = await kind.create(before.source, before.snapshot, runTags(run, step.id));
        return progress(taken, before.snapshot);
      } catch (error) {
        // The SDK called again after a lost reply: the first call's snapshot is ours.
        const made = (error as Error).name === kind.exists ? await own() : undefined;
        if (made) return made;
        if ((error as Error).name === kind.busy)
          throw new WatchdogError(
            "ServiceUnavailable",
            `${before.source} cannot be saved at this moment: ${(error as Error).message}`,
            { cause: error },
          );
        throw error;
      }
    },

    poll: async (_, { before }, { phase }) =>
      phase === "revert"
        ? { done: true, note: "kept" }
        : progress(await kind.find(before.snapshot), before.snapshot),

    // A backup is never taken back: it is marked and kept.
    async revert(_, { before }) {
      const known = await kind.find(before.snapshot);
      if (!known) return { done: true, note: `there is no snapshot ${before.snapshot} to keep` };
      await rds().send(
        new AddTagsToResourceCommand({
          ResourceName: known.arn,
          Tags: [{ Key: "watchdog:set-aside", Value: "true" }],
        }),
      );
      return { done: true, note: `snapshot ${before.snapshot} is kept` };
    },
  };
}
