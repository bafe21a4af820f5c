import { markRolledBack } from "../runtime/deployments.ts";
import { handBack } from "../runtime/hand-back.ts";
import { recordEnd } from "../runtime/history.ts";
import { endLock } from "../runtime/lock.ts";
import type { ReleaseAnswer, ReleaseEvent } from "../runtime/protocol.ts";
import { serve } from "../runtime/serve.ts";

/** Ends a run: the lock is given back, or, after a failure, kept until a person releases it. */
export const handler = serve(
  "release",
  async ({ run, outcome, ending, report }: ReleaseEvent, { tableName, now }): Promise<ReleaseAnswer> => {
    const kept = outcome === "failed";
    const acted = outcome === "succeeded" || outcome === "failed";
    const ended = await endLock(tableName, run, kept ? "kept" : "free", now());
    await recordEnd(tableName, run, outcome, now(), { ending, report });
    if (outcome === "succeeded" && run.deployment && run.undoes === undefined)
      await markRolledBack(tableName, run.service, run.deployment, run.id);
    const back = acted ? 0 : await handBack(tableName, run, now());
    if (!ended) return { released: false, note: `another run holds the lock on ${run.service} by now` };
    const again =
      back > 0 ? `; ${back} alarm(s) or event(s) that had joined this run are looked at again` : "";
    return {
      released: !kept,
      note: kept
        ? `the lock on ${run.service} is kept until a person releases it`
        : `the lock on ${run.service} is free${again}`,
    };
  },
);
