import { rampSteps } from "../../plan/redeploy.ts";
import type { Plan } from "../../plan/schema.ts";
import type { Context } from "../context.ts";
import { namesOf } from "../names.ts";

/** States that every ramp has. */
export const RAMP = {
  begin: "Begin the ramp",
  begun: "May it begin?",
  resolve: "Resolve the ramp",
  resolved: "Dry run or approval?",
  planCalls: "Plan the calls",
  announceDryRun: "Announce the dry run",
  endDryRun: "End the dry run",
  dryRun: "Dry run",
  announceRefusal: "Announce refusal",
  notBegun: "Not begun",
  announceStart: "Announce the ramp",
  giveBack: "Give the lock back",
  announceBack: "Announce the way back",
  settle: "Settle",
  finish: "Finish",
  finished: "Finished?",
  reportDone: "Report success",
  keepDone: "Keep the report of success",
  announceDone: "Announce success",
  redeployed: "Redeployed",
  end: "End the ramp",
  report: "Report the end",
  keep: "Keep the report",
  announceEnd: "Announce the end",
  needed: "Is a person needed?",
  call: "Call people",
  ended: "Not redeployed",
} as const;

/** States in which approvers are asked: for a step, or for the ramp as a whole. */
export const asking = (what: string) => ({
  may: `May ${what} be asked for?`,
  mayBe: `Is ${what} asked for?`,
  announce: `Announce that ${what} is asked for`,
  ask: `Ask for ${what}`,
  settle: `Settle the approval of ${what}`,
  approved: `Approved ${what}?`,
});

/** States of one step. Its name is the plan's, so the console reads like the plan. */
export const ofStep = (name: string) => ({
  enter: `Enter ${name}`,
  entered: `May it enter ${name}?`,
  preflight: `Preflight of ${name}`,
  asResolved: `As resolved at ${name}?`,
  anew: `Resolve what follows ${name}`,
  leave: `Give the lock back at ${name}`,
  tell: `Announce ${name}`,
  hold: `Hold ${name}`,
  held: `Held ${name}?`,
  still: `Announce that ${name} holds`,
  goBack: `Go back from ${name}`,
  enterBack: `Enter the way back from ${name}`,
  backEntered: `May it go back from ${name}?`,
  undone: `Taken back from ${name}?`,
});

/** The compiler's context for a ramp: its steps take the place of the plan's stages, so that every fragment fits them. */
export function rampContext(context: Omit<Context, "names">): Context {
  const plan: Plan = { ...context.plan, stages: rampSteps(context.plan).map(({ stage }) => stage) };
  return { ...context, plan, names: namesOf(plan) };
}
