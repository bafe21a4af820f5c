import { usdOf } from "../plan/cost.ts";
import { registries as builtIn, type Registries } from "../plan/registries.ts";
import type { Plan } from "../plan/schema.ts";
import { CALL_SECONDS, quickest, watchRounds } from "../plan/timing.ts";
import { eventsOf, type Range, transitionsOf, visitsOf } from "../plan/visits.ts";
import { machineBound } from "./deadline.ts";

/** What one run of a plan takes. */
export interface Estimate {
  /** State transitions, which Step Functions bills. */
  transitions: Range;
  /** History events, of which an execution holds 25,000. Retries are not in it. */
  historyEvents: Range;
  /** Until the run ends; worst is the machine's own timeout. */
  seconds: Range;
  /** Step Functions and Lambda in us-east-1, without free tier and without what the actions themselves make. */
  usd: Range;
  watch: { rounds: number; everySeconds: number };
}

/** Calls one after the other outside stages and watch: admit, decide, preflight, start, verify, report, mail, release. */
const CALLS_AROUND = 8;

/** Figures of a run, computed from the plan alone. */
export function estimate(plan: Plan, registries: Registries = builtIn): Estimate {
  const { settleSeconds, rounds, everySeconds } = watchRounds(plan);
  const { best, worst } = visitsOf(plan, registries);
  return {
    transitions: { best: transitionsOf(best), worst: transitionsOf(worst) },
    historyEvents: { best: eventsOf(best), worst: eventsOf(worst) },
    seconds: {
      best:
        quickest(plan.stages, registries) +
        settleSeconds +
        rounds * everySeconds +
        CALLS_AROUND * CALL_SECONDS,
      worst: machineBound(plan, registries),
    },
    usd: { best: usdOf(best), worst: usdOf(worst) },
    watch: { rounds, everySeconds },
  };
}
