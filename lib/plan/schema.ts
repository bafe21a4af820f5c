import { z } from "zod";
import { Escalation, Notify } from "./notify.ts";
import { FOLLOW_UPS, FollowUp } from "./schema/follow-up.ts";
import { Practice } from "./schema/practice.ts";
import { Redeploy } from "./schema/redeploy.ts";
import { Check, Stage } from "./schema/stage.ts";
import { Metric, Trigger } from "./schema/trigger.ts";
import { Duration, Id, Span } from "./schema/values.ts";

export type { Check, Stage, Step } from "./schema/stage.ts";
export type { Trigger } from "./schema/trigger.ts";

/**
 * The plan: what one YAML file may say. Types, JSON schema (schema/plan.schema.json) and the reference page
 * come from here. Durations stay strings (`2m`, `30s`, `1h`) and are read with `duration.ts`.
 */
export const Plan = z.strictObject({
  service: Id.describe("the protected service; names the stack, its alarms and its lock"),
  runbook: z.string().optional().describe("the runbook this plan carries out"),
  mode: z
    .enum(["act", "observe"])
    .default("act")
    .describe("observe: decide and resolve as always, change nothing, and tell what would have been done"),
  preflight: z
    .strictObject({
      every: z
        .string()
        .regex(
          /^(off|0*[1-9]\d{0,3}(m|h|d))$/,
          'off, or a number above zero and m, h or d, for example "30m"',
        )
        .default("30m")
        .describe(
          "how often every step's preflight is rehearsed, for example 30m; `off` leaves it to a person",
        ),
    })
    .prefault({})
    .describe("rehearsal: can the plan be carried out now; people are told when that changes"),
  practice: Practice.optional(),
  vpc: z
    .strictObject({
      id: z.string().min(1).describe("VPC id"),
      subnets: z.array(z.string()).min(1).describe("subnet ids"),
      securityGroups: z.array(z.string()).min(1).describe("security group ids"),
    })
    .optional()
    .describe("where functions that open database connections run"),
  keys: z
    .array(z.string().regex(/^arn:[^:]+:kms:[^:]+:\d{12}:key\/[\w-]+$/, "the ARN of a KMS key"))
    .max(20)
    .default([])
    .describe(
      "customer managed KMS keys with which what the plan works on is encrypted: databases, secrets, objects, parameters; AWS's own keys are not named",
    ),
  triggers: z.array(Trigger).min(1).describe("what starts a run; the first one that holds decides"),
  deployments: z
    .strictObject({
      window: Span.default("24h").describe(
        "how far back the last deployment is looked for; without one a person is told instead",
      ),
      hotfix: Span.optional().describe(
        "time a fix may take before a rollback that is not SEV-1 or SEV-2 begins; a person may stop or start it",
      ),
      stableAfter: Span.default("30m").describe(
        "a version that ran so long without a run has completed its watch, and may be gone back to",
      ),
    })
    .prefault({})
    .describe("deployments recorded on the event bus, the likely cause"),
  budget: z
    .strictObject({
      attempts: z.int().min(1).max(10).default(2).describe("runs for one incident before a person is called"),
      perDay: z.int().min(1).max(50).default(4).describe("runs in 24 hours before a person is called"),
      minimumDelay: Duration.default("5m").describe("between the end of a run and the next start"),
      unanswered: Span.default("10m").describe(
        "an alarm that rings for longer and led to no run calls a person by an alarm of its own",
      ),
      eventAge: Span.default("15m").describe("an alarm event older than this starts nothing"),
    })
    .prefault({})
    .describe("how often automation may act"),
  levels: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(40).describe("as stages and triggers name it"),
        within: Span.describe(
          "from the beginning of the level until verification passes; then the next level begins",
        ),
      }),
    )
    .min(2)
    .optional()
    .describe(
      "levels from the gentlest to the most thorough; a run begins at its trigger's and climbs while it does not help",
    ),
  stages: z.array(Stage).min(1).describe("run one after the other"),
  verify: z.array(Check).min(1).describe("must all pass after the last stage"),
  watch: z
    .strictObject({
      for: Span.default("30m").describe("how long every check must hold"),
      every: Span.default("1m").describe("between two rounds of checks"),
      settle: Duration.default("3m").describe(
        "between verification and the first round, so that no window holds anything from before",
      ),
      progress: Span.default("10m").describe("a progress mail each time this has passed"),
      tolerate: z.int().min(0).max(10).default(0).describe("rounds in a row that may be inconclusive"),
      checks: z.array(Check).min(1).describe("measured in every round"),
    })
    .describe("the stability watch: success is measured, not assumed"),
  objectives: z
    .strictObject({
      detect: Span.optional().describe("from the release to the alarm"),
      decide: Span.optional().describe("from the alarm to the decision"),
      restore: Span.optional().describe("from the alarm to restored and checked"),
      cutover: Span.optional().describe("from restored to switched over"),
      verified: Span.optional().describe("from the alarm to all checks passed"),
      loss: Span.optional().describe(
        "how far back the newest restorable moment may lie; measured by `practice`, not by runs",
      ),
    })
    .prefault({})
    .describe("the runbook's own objectives; measured in every run and shown beside the result"),
  worse: z
    .strictObject({
      metric: Metric.describe("what users feel"),
      percent: z.number().gt(100).default(150).describe("percent of its value before the first change"),
      by: z.number().positive().describe("least difference that counts, in the metric's own unit"),
      direction: z.enum(["up", "down"]).default("up").describe("which way is worse"),
      over: Span.default("1m").describe("mean of the whole periods of this time"),
      wait: Span.default("1m").describe("after a stage, before it is measured"),
      after: z.array(z.string()).min(1).describe("names of the stages after which it is compared"),
    })
    .optional()
    .describe("a stage that makes the service worse is undone at once, and a person is called"),
  onFailure: z
    .enum(["revert", "hold"])
    .default("revert")
    .describe("revert: undo what was done, newest first; hold: leave it as it is for a person"),
  approval: z
    .strictObject({
      approvers: z
        .array(z.email())
        .min(1)
        .max(20)
        .describe(
          "addresses of those who may approve; each confirms a subscription and gets a link of his own",
        ),
      deadline: Span.default("1h").describe("how long an answer is waited for; the lock is held meanwhile"),
      atDeadline: z
        .enum(["rollback", "hold"])
        .optional()
        .describe(
          "what happens when nobody has answered; by risk unless given: a run that only switches goes on, one that touches data holds",
        ),
      fourEyes: z
        .boolean()
        .default(false)
        .describe("true: a run that a person starts waits for another person's approval as well"),
    })
    .optional()
    .describe("who is asked before a run that a trigger with `decision: approve` started changes anything"),
  redeploy: Redeploy.optional(),
  followUps: z
    .array(FollowUp)
    .max(20)
    .default(FOLLOW_UPS)
    .describe("what people do after a run that changed something; those of the runbooks unless given"),
  notify: Notify,
  escalation: Escalation.optional(),
});

export type Plan = z.output<typeof Plan>;
