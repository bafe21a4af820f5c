import * as z from "zod";
import { PLAN_MOMENTS } from "./notices.ts";

/** Detail of the event; docs/events.md is made from it. Fields are only ever added; `version` grows when one changes. */
export const NoticeDetail = z.object({
  version: z.literal(1).describe("of this schema"),
  id: z.string().describe("the same when the same notice is put again"),
  service: z.string().describe("the protected service"),
  run: z.string().describe("the run's id, and its execution's name"),
  moment: z.enum(PLAN_MOMENTS).describe("what is told"),
  state: z
    .string()
    .describe("the workflow's own word for it: started, progress, verified, succeeded, failed, approval, …"),
  at: z.iso.datetime().describe("when it was told"),
  startedAt: z.string().describe("when the run began"),
  dryRun: z.boolean().describe("true: nothing is changed by this run"),
  reason: z.string().describe("who or what asked for the run"),
  headline: z.string().describe("one line for people"),
  decision: z
    .object({
      decision: z.enum(["rollback", "approve", "notify", "ignore", "unknown"]),
      level: z.string(),
      rule: z.string(),
      because: z.string(),
    })
    .optional()
    .describe("what was decided, by which rule and why"),
  deployment: z
    .object({ version: z.string(), previousVersion: z.string().optional(), startedAt: z.string() })
    .optional()
    .describe("the last one recorded before the trigger"),
  changes: z
    .array(z.object({ step: z.string(), summary: z.string() }))
    .describe("each step's change: before → after"),
  failure: z
    .object({ error: z.string(), state: z.string(), cause: z.string() })
    .optional()
    .describe("what failed, and in which state"),
  report: z.string().optional().describe("where the report is"),
  escalation: z
    .object({
      cause: z.enum(["failed", "worse", "exhausted", "not-restored", "criterion", "cut-short", "redeploy"]),
      rung: z.int(),
      rungs: z.int(),
      afterSeconds: z.number(),
    })
    .optional()
    .describe("which rung of the ladder calls, and why; only with `escalated`"),
  unreached: z
    .array(z.string())
    .optional()
    .describe("targets that this notice could not be sent to; then other tools may tell people"),
});

export type NoticeDetail = z.output<typeof NoticeDetail>;
