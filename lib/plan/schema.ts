import { z } from "zod";

/**
 * The plan: what one YAML file may say. Types, JSON schema (schema/plan.schema.json) and the reference page
 * come from here. Durations stay strings (`2m`, `30s`, `1h`) and are read with `duration.ts`.
 */
const Id = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, "lower-case letters, digits and hyphens, at most 40, starting with a letter");

export const Duration = z
  .string()
  .regex(/^\d+(s|m|h|d)$/, 'a number and s, m, h or d, for example "30s" or "2m"')
  .describe('a duration: a number and s, m, h or d, for example "30s"');

export const Threshold = z
  .string()
  .regex(/^(>=|<=|>|<)\s*-?\d+(\.\d+)?$/, 'a comparison and a number, for example "> 10"')
  .describe('a comparison and a number, for example "> 10"');

export const Metric = z.strictObject({
  namespace: z.string().min(1),
  name: z.string().min(1),
  statistic: z
    .string()
    .regex(/^(Average|Sum|Minimum|Maximum|SampleCount|p\d{1,2}(\.\d+)?)$/, "Average, Sum, Minimum, Maximum, SampleCount or a percentile such as p95"),
  period: Duration.default("1m"),
  dimensions: z.record(z.string(), z.string()).optional(),
});

export const Trigger = z.strictObject({
  id: Id,
  metric: Metric,
  threshold: Threshold,
  for: Duration.describe("how long the threshold must be crossed, without a gap, before anything happens"),
  missing: z
    .enum(["breaching", "notBreaching", "ignore", "missing"])
    .default("missing")
    .describe("what a period without data counts as; `breaching` for metrics that are always reported"),
  decision: z.enum(["rollback", "approve", "notify", "ignore"]),
  level: z.string().default("full"),
  severity: z.enum(["SEV-1", "SEV-2", "SEV-3", "SEV-4"]).optional(),
  runbook: z.string().optional().describe("row of the runbook this comes from, e.g. R1"),
});

export const Step = z.strictObject({
  id: Id,
  action: z.string().describe("kind of action"),
  with: z.record(z.string(), z.unknown()).default({}),
  timeout: Duration.optional().describe("deadline of the step; the action's own unless set"),
  poll: Duration.optional().describe("pause between two polls; a poll is 3 state transitions"),
});

export const Check = z.strictObject({
  id: Id,
  check: z.string().describe("kind of check"),
  with: z.record(z.string(), z.unknown()).default({}),
});

export const Stage = z.strictObject({
  name: z.string().min(1).max(60),
  levels: z.array(z.string()).min(1).optional().describe("levels that run this stage; all of them unless given"),
  steps: z.array(Step).min(1).describe("run side by side"),
  checks: z.array(Check).default([]).describe("must all pass after the steps and before the next stage"),
});

export const Plan = z.strictObject({
  service: Id,
  runbook: z.string().optional(),
  vpc: z
    .strictObject({ id: z.string(), subnets: z.array(z.string()).min(1), securityGroups: z.array(z.string()).min(1) })
    .optional()
    .describe("where functions that open database connections run"),
  triggers: z.array(Trigger).min(1),
  deployments: z
    .strictObject({
      window: Duration.default("24h").describe("how far back the last deployment is looked for"),
    })
    .prefault({}),
  budget: z
    .strictObject({
      attempts: z.int().min(1).max(10).default(2).describe("runs for one incident before a person is called"),
      perDay: z.int().min(1).max(50).default(4),
      minimumDelay: Duration.default("5m").describe("between the end of a run and the next start"),
      eventAge: Duration.default("15m").describe("an alarm event older than this starts nothing"),
    })
    .prefault({}),
  stages: z.array(Stage).min(1),
  verify: z.array(Check).min(1).describe("must all pass after the last stage"),
  watch: z.strictObject({
    for: Duration.default("30m"),
    every: Duration.default("1m"),
    settle: Duration.default("3m").describe("between verification and the first round, so that no window holds anything from before"),
    progress: Duration.default("10m").describe("a progress mail each time this has passed"),
    tolerate: z.int().min(0).max(10).default(0).describe("rounds in a row that may be inconclusive"),
    checks: z.array(Check).min(1),
  }),
  objectives: z
    .strictObject({
      detect: Duration.optional(),
      decide: Duration.optional(),
      restore: Duration.optional(),
      cutover: Duration.optional(),
      verified: Duration.optional(),
    })
    .prefault({})
    .describe("the runbook's own objectives; measured in every run and shown beside the result"),
  onFailure: z.enum(["revert", "hold"]).default("revert").describe("revert: undo what was done, newest first"),
  notify: z.strictObject({
    email: z.array(z.email()).default([]).describe("addresses subscribed to the plan's SNS topic"),
  }),
});

export type Plan = z.output<typeof Plan>;
export type Trigger = z.output<typeof Trigger>;
export type Stage = z.output<typeof Stage>;
export type Step = z.output<typeof Step>;
export type Check = z.output<typeof Check>;
