import { seconds } from "../duration.ts";
import { watchRounds } from "../timing.ts";
import type { Rule } from "./rule.ts";

/** A watch of one round is one measurement: nothing has held, although the mail says so (invariant 16). */
export const watchMeasuresTwice: Rule = (plan) =>
  watchRounds(plan).rounds > 1
    ? []
    : [
        {
          path: ["watch", seconds(plan.watch.every) > 60 ? "every" : "for"],
          reason: `the watch lasts ${plan.watch.for} and measures every ${plan.watch.every}: one measurement, and nothing that holds`,
          instead: "let `for` be at least twice `every`",
        },
      ];
