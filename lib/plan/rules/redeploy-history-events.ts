import { durationText, seconds } from "../duration.ts";
import { holdRoundEvents, rampEvents } from "../ramp-visits.ts";
import { rampSteps } from "../redeploy.ts";
import { MOST_EVENTS } from "../visits.ts";
import type { Rule } from "./rule.ts";

/** Share of the events that an execution may plan with; retries and their failures take from the rest. */
const USABLE = 0.8;

/** A ramp lasts for days, and Step Functions ends an execution at 25,000 history events (invariant 12). */
export const redeployHistoryEvents: Rule = (plan, registries) => {
  const { redeploy } = plan;
  if (!redeploy) return [];
  const most = MOST_EVENTS * USABLE;
  const { ramp, hold } = rampEvents(plan, registries);
  const longest = Math.max(...rampSteps(plan).map(({ checks }) => holdRoundEvents(checks.length)));
  const every = Math.ceil(seconds(redeploy.progress) / Math.floor(most / longest));
  return [
    ...(hold > most
      ? [
          {
            path: ["redeploy", "every"],
            reason: `an execution of the hold has about ${hold} history events; Step Functions holds ${MOST_EVENTS}, and retries need a fifth of them`,
            instead: `measure every ${durationText(every)} or less often, or shorten \`progress\``,
          },
        ]
      : []),
    ...(ramp > most
      ? [
          {
            path: ["redeploy", "progress"],
            reason: `the ramp has about ${ramp} history events; Step Functions holds ${MOST_EVENTS}, and retries need a fifth of them`,
            instead: "tell people less often, or make fewer steps of it",
          },
        ]
      : []),
  ];
};
