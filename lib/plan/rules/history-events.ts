import { seconds } from "../duration.ts";
import type { Rule } from "./rule.ts";

/** Events that one round of the watch costs: wait, parallel, and seven for each check; rounded up. */
const EVENTS_A_ROUND = 14;
const EVENTS_A_CHECK = 7;
const MOST = 25_000;

/** A watch with so many rounds that Step Functions ends the execution is refused (invariant 12). */
export const historyEvents: Rule = (plan) => {
  const rounds = Math.ceil(seconds(plan.watch.for) / seconds(plan.watch.every));
  const events = rounds * (EVENTS_A_ROUND + EVENTS_A_CHECK * plan.watch.checks.length);
  return events > MOST / 2
    ? [{ path: ["watch", "every"], reason: `${rounds} rounds make about ${events} history events; Step Functions holds ${MOST}`, instead: "look less often or watch for a shorter time" }]
    : [];
};
