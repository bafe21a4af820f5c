import { z } from "zod";
import { Id, Span } from "./values.ts";

/** One action of a stage. */
export const Step = z.strictObject({
  id: Id.describe("names the step's states and its outputs: $steps.<id>.<output>"),
  action: z.string().describe("kind of action"),
  with: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('the action\'s own input; a value may be a JSONata expression: "{% $steps.<id>.<output> %}"'),
  until: z
    .literal("watch-end")
    .optional()
    .describe(
      "watch-end: undone again once the watch has held; without it a step stays until somebody changes it",
    ),
  timeout: Span.optional().describe("deadline of the step; the action's own unless set"),
  poll: Span.optional().describe(
    "shortest pause between two polls, later a twentieth of the time passed; a poll is 3 state transitions",
  ),
});

/** One check: after a stage, in verification or in the watch. */
export const Check = z.strictObject({
  id: Id,
  check: z.string().describe("kind of check"),
  with: z.record(z.string(), z.unknown()).default({}).describe("the check's own input"),
});

/** Steps that run side by side, and the checks that must pass after them. */
export const Stage = z.strictObject({
  name: z.string().trim().min(1).max(60).describe("shown in the console, mails and reports"),
  levels: z
    .array(z.string().min(1).max(40))
    .min(1)
    .optional()
    .describe("levels that run this stage; all of them unless given"),
  after: z
    .literal("watch")
    .optional()
    .describe(
      "watch: runs once the watch has held, for what waits until the service is stable, such as replicas and autoscaling; what fails here undoes nothing and calls a person",
    ),
  steps: z.array(Step).min(1).describe("run side by side"),
  checks: z.array(Check).default([]).describe("must all pass after the steps and before the next stage"),
});

export type Step = z.output<typeof Step>;
export type Check = z.output<typeof Check>;
export type Stage = z.output<typeof Stage>;
