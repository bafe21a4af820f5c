import { z } from "zod";
import { Escalation, Notify } from "./notify.ts";
import { Practice } from "./practice-section.ts";
import { redeploySchema } from "./redeploy-schema.ts";
import { THRESHOLD } from "./threshold.ts";

/**
 * The plan: what one YAML file may say. Types, JSON schema (schema/plan.schema.json) and the reference page
 * come from here. Durations stay strings (`2m`, `30s`, `1h`) and are read with `duration.ts`.
 */
const Id = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,39}$/,
    "lower-case letters, digits and hyphens, at most 40, starting with a letter",
  )
  .describe("lower-case letters, digits and hyphens, at most 40, starting with a letter");

export const Duration = z
  .string()
  .regex(/^\d{1,6}(s|m|h|d)$/, 'a number and s, m, h or d, for example "30s" or "2m"')
  .describe('a duration: a number and s, m, h or d, for example "30s"');

/** A duration above zero. */
const Span = z
  .string()
  .regex(/^0*[1-9]\d{0,5}(s|m|h|d)$/, 'a number above zero and s, m, h or d, for example "30s" or "2m"')
  .describe('a duration above zero: a number and s, m, h or d, for example "30s"');

export const Threshold = z
  .string()
  .regex(
    THRESHOLD,
    'a comparison and a number, for example "> 10", "> 150% of baseline" or "> 3 deviations from baseline"',
  )
  .describe(
    'a comparison and a number, for example "> 10", "> 150% of baseline" or "> 3 deviations from baseline"',
  );

export const Metric = z.strictObject({
  namespace: z.string().min(1).describe("CloudWatch namespace, e.g. AWS/ApplicationELB"),
  name: z.string().min(1).describe("metric name"),
  statistic: z
    .string()
    .regex(
      /^(Average|Sum|Minimum|Maximum|SampleCount|p\d{1,2}(\.\d+)?)$/,
      "Average, Sum, Minimum, Maximum, SampleCount or a percentile such as p95",
    )
    .describe("Average, Sum, Minimum, Maximum, SampleCount or a percentile such as p95"),
  period: Span.default("1m").describe("length of one data point; 10s, 30s or whole minutes"),
  dimensions: z.record(z.string(), z.string()).optional().describe("the metric's dimensions, all of them"),
});

/** Rates of a handful of requests mean nothing: with fewer, a period counts as having no data. */
const Minimum = z.strictObject({
  metric: Metric.omit({ period: true }).describe("metric that counts, e.g. RequestCount with Sum"),
  count: z.number().positive().describe("fewer than this in a period, and the period has no data"),
});

/** What is normal: the average of the metric over a window in the past, and how far it usually is from it. */
export const Baseline = z.strictObject({
  window: Span.default("24h").describe("length of the reference window; 15 days at most"),
  lag: Duration.default("1h").describe(
    "how long ago the window ends, so that an incident is not its own reference",
  ),
});

/** An event on the account's default bus. */
const BusEvent = z.strictObject({
  source: z.array(z.string().min(1)).min(1).describe("sources, e.g. [aws.ecs]"),
  detailType: z
    .array(z.string().min(1))
    .min(1)
    .describe('detail types, e.g. ["ECS Deployment State Change"]'),
  detail: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("pattern of the detail, as EventBridge rules have it"),
});

export const Trigger = z.strictObject({
  id: Id,
  metric: Metric.optional().describe(
    "the CloudWatch metric that an alarm is made on; with `threshold` and `for`",
  ),
  threshold: Threshold.optional(),
  for: Span.optional().describe(
    "how long the threshold must be crossed, without a gap, before anything happens",
  ),
  baseline: Baseline.optional().describe("what a threshold that names the baseline is compared with"),
  minimum: Minimum.optional().describe("how many requests a rate needs to mean anything"),
  percentOf: Metric.omit({ period: true })
    .optional()
    .describe(
      "the threshold is percent of this metric, e.g. of RequestCount with Sum; a period in which only this one has data is 0 %",
    ),
  all: z
    .array(Id)
    .min(2)
    .optional()
    .describe("instead of a metric: other triggers that must hold at the same time"),
  event: BusEvent.optional().describe("instead of a metric: an event that is evidence by itself"),
  missing: z
    .enum(["breaching", "notBreaching", "ignore", "missing"])
    .default("missing")
    .describe("what a period without data counts as; `breaching` for metrics that are always reported"),
  decision: z
    .enum(["rollback", "approve", "notify", "ignore"])
    .describe(
      "rollback: act at once; approve: show the resolved changes and let a person start; notify: tell people; ignore: record",
    ),
  level: z
    .string()
    .min(1)
    .max(40)
    .default("full")
    .describe("which stages run: those without `levels` and those that name this one"),
  severity: z
    .enum(["SEV-1", "SEV-2", "SEV-3", "SEV-4"])
    .optional()
    .describe("how bad it is, for mails and reports; SEV-1 and SEV-2 do not wait for a hotfix"),
  withoutDeployment: z
    .enum(["notify", "act"])
    .default("notify")
    .describe(
      "when no deployment explains it: tell a person, or act all the same (a vulnerability needs no release)",
    ),
  runbook: z.string().optional().describe("row of the runbook this comes from, e.g. R1"),
});

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

export const Check = z.strictObject({
  id: Id,
  check: z.string().describe("kind of check"),
  with: z.record(z.string(), z.unknown()).default({}).describe("the check's own input"),
});

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

/** Something people do after a run. */
const FollowUp = z.strictObject({
  what: z.string().trim().min(1).max(300).describe("what is to be done, one sentence"),
  within: Span.describe("due so long after the end of the run; a reminder is sent then"),
});

/** What the runbooks ask for after an incident (O12, H9, T15). */
const FOLLOW_UPS: z.input<typeof FollowUp>[] = [
  { what: "Update the status page and tell stakeholders that the service is restored.", within: "1h" },
  {
    what: "Keep logs and metrics of the incident before they expire, and complete the timeline.",
    within: "1h",
  },
  {
    what: "Open a ticket for the root cause, and bring infrastructure code and Git in line with the changes.",
    within: "8h",
  },
  { what: "Decide what of the data that was set aside has to come back.", within: "8h" },
  { what: "Hold the review of the incident, without blame.", within: "48h" },
  { what: "Agree on what prevents it: tests, alarms, the deployment procedure, this plan.", within: "7d" },
];

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
  redeploy: redeploySchema({ Step, Check, Id, Span, Duration }).optional(),
  followUps: z
    .array(FollowUp)
    .max(20)
    .default(FOLLOW_UPS)
    .describe("what people do after a run that changed something; those of the runbooks unless given"),
  notify: Notify,
  escalation: Escalation.optional(),
});

export type Plan = z.output<typeof Plan>;
export type Trigger = z.output<typeof Trigger>;
export type Stage = z.output<typeof Stage>;
export type Step = z.output<typeof Step>;
export type Check = z.output<typeof Check>;
