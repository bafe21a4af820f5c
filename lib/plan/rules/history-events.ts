import { durationText } from "../duration.ts";
import { mostPolls, timingOf, watchRounds } from "../timing.ts";
import { eventsOf, MOST_EVENTS, roundVisits, visitsOf } from "../visits.ts";
import { type Rule, stepsOf } from "./rule.ts";

/** Share of the events a run may plan with; retries and their failures take from the rest. */
const USABLE = 0.8;

/**
 * Step Functions ends an execution at 25,000 history events, in the middle of whatever it does (invariant 12). The
 * worst run counts: every poll used, failed at the end of the watch, undone with every poll used again.
 */
export const historyEvents: Rule = (plan, registries) => {
  const most = MOST_EVENTS * USABLE;
  const worst = eventsOf(visitsOf(plan, registries).worst);
  if (worst <= most) return [];
  const { rounds, everySeconds } = watchRounds(plan);
  const aRound = eventsOf(roundVisits(plan)) - 2;
  const reason = `the longest run has about ${worst} history events; Step Functions holds ${MOST_EVENTS}, and retries need a fifth of them`;
  const others = worst - rounds * aRound;
  // What the watch takes most of is the watch's to give back, even where that would not do.
  if (others < most || rounds * aRound > others) {
    const every = Math.ceil(
      (rounds * everySeconds) / Math.max(1, Math.floor(Math.max(0, most - others) / aRound)),
    );
    return [
      { path: ["watch", "every"], reason, instead: `measure every ${durationText(every)} or less often` },
    ];
  }
  const busiest = stepsOf(plan, registries).reduce((left, right) =>
    mostPolls(right.step, registries) > mostPolls(left.step, registries) ? right : left,
  );
  const { timeoutSeconds, pollSeconds } = timingOf(busiest.step, registries);
  return [
    {
      path: busiest.path,
      reason: `${reason}; "${busiest.step.id}" is polled every ${pollSeconds} s for up to ${durationText(timeoutSeconds)}`,
      instead: "give it a longer `poll` or a shorter `timeout`",
    },
  ];
};
