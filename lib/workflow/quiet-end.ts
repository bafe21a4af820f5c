import type { State } from "./asl.ts";
import type { Context } from "./context.ts";
import { announce, release } from "./handlers.ts";
import { FIXED } from "./names.ts";
import { catchAll } from "./variables.ts";

/** An end at which nothing was changed: people are told, the lock is released, the run succeeds. */
export function quietEnd(
  context: Context,
  names: {
    announce: string;
    moment: "notified" | "dry-run" | "approval" | "rejected";
    release: string;
    outcome: "notified" | "dry-run" | "approval" | "rejected";
    end: string;
  },
): Record<string, State> {
  return {
    [names.announce]: announce(context, names.moment, {
      Next: names.release,
      Catch: catchAll(names.announce, FIXED.reportFailure),
    }),
    [names.release]: release(context, names.outcome, {
      Next: names.end,
      Catch: catchAll(names.release, FIXED.reportFailure),
    }),
    [names.end]: {
      Type: "Succeed",
      Output: {
        outcome: names.outcome,
        run: "{% $run.id %}",
        decision: "{% $decision %}",
        changes: "{% $summaries %}",
        ...(names.outcome === "dry-run" ? { planned: "{% $planned %}" } : {}),
        ...(names.outcome === "rejected" ? { approval: "{% $approval %}" } : {}),
      },
    },
  };
}
