import { endLock, recordEnd } from "../runtime/lock.ts";
import type { ReleaseAnswer, ReleaseEvent } from "../runtime/protocol.ts";
import { serve } from "../runtime/serve.ts";

/** Ends a run: the lock is given back, or, after a failure, kept until a person releases it. */
export const handler = serve(
  "release",
  async ({ run, outcome }: ReleaseEvent, { tableName, now }): Promise<ReleaseAnswer> => {
    const kept = outcome === "failed";
    const ended = await endLock(tableName, run, kept ? "kept" : "free", now());
    await recordEnd(tableName, run, outcome, now());
    if (!ended) return { released: false, note: `another run holds the lock on ${run.service} by now` };
    return {
      released: !kept,
      note: kept
        ? `the lock on ${run.service} is kept until a person releases it`
        : `the lock on ${run.service} is free`,
    };
  },
);
