import { transitionsOf, type Visits } from "./visits.ts";

/** USD a state transition, and an invocation of a 512 MB function for a second. https://aws.amazon.com/step-functions/pricing/ */
const USD = { transition: 0.000_025, invocation: 0.000_008_5 } as const;

/** What an execution costs: Step Functions and Lambda in us-east-1, without free tier. */
export function usdOf(visits: Visits): number {
  const usd = transitionsOf(visits) * USD.transition + visits.task * USD.invocation;
  return Math.round(usd * 1e6) / 1e6;
}
