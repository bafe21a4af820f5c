import type {
  LeftOver,
  PracticeCleanAnswer,
  PracticeCleanEvent,
  RunContext,
  ThrowAway,
} from "../runtime/protocol.ts";
import { serve } from "../runtime/serve.ts";
import { restoredClusterName, restoredName } from "../runtime/tokens.ts";
import { clusterCleaned } from "./cluster.ts";
import { instanceCleaned } from "./instance.ts";

/** How each type of throw-away goes, by its name; what is left of it, or nothing when it is gone. */
const CLEANED: Record<ThrowAway["type"], (run: RunContext, made: ThrowAway) => Promise<LeftOver[]>> = {
  "rds-instance": (run, { base, step }) => instanceCleaned(run, base, restoredName(base, run, step)),
  "aurora-cluster": (run, { base, step }) => clusterCleaned(run, base, restoredClusterName(base, run, step)),
};

/**
 * The only place of the product that deletes: what this practice made itself, by the name that follows from its id,
 * under a role that is good for this practice's tag alone. Called until nothing is left or its time is over; what is
 * not this practice's is left alone and told.
 */
export const handler = serve(
  "practice-clean",
  async ({ run, made }: PracticeCleanEvent): Promise<PracticeCleanAnswer> => {
    const left: LeftOver[] = [];
    for (const each of made) left.push(...(await CLEANED[each.type](run, each)));
    return {
      done: left.length === 0,
      left,
      note: left.length === 0 ? "nothing of the practice is left" : left.map(({ why }) => why).join("; "),
    };
  },
);
