import type { Tell } from "../../lambdas/runtime/notices.ts";
import {
  type AdmitEvent,
  type AnnounceEvent,
  type CheckEvent,
  type CompareEvent,
  type DecideEvent,
  MOMENT_OF,
  type Moment,
  type ReleaseEvent,
  type ReportEvent,
} from "../../lambdas/runtime/protocol.ts";
import { tellOf } from "../plan/audiences.ts";
import { criteria, levelsOf, migrationSafeLevels } from "../plan/criteria.ts";
import { seconds } from "../plan/duration.ts";
import { expressionIn } from "../plan/expressions.ts";
import { ladderOf } from "../plan/ladder.ts";
import type { Registries } from "../plan/registries.ts";
import { reportFacts } from "../plan/report-facts.ts";
import type { Check, Plan, Stage, Step } from "../plan/schema.ts";
import { FAILED_ENDING, GOOD_ENDING } from "./variables.ts";

/**
 * What each state sends to its function. The shapes are the event types of `lambdas/runtime/protocol.ts`; a value in
 * `{% %}` is filled in by Step Functions from the run's variables:
 *
 * | Variable | Holds | Set by |
 * |---|---|---|
 * | `$run` | RunContext | Admit |
 * | `$admission` | `{admitted, outcome, reason}` | Admit |
 * | `$decision` | Decision or null | Decide |
 * | `$changes` | step id → Change (before, after, …) | the preflights, before anything is changed |
 * | `$summaries` | step id → `{summary, evidence}` | the preflights |
 * | `$steps` | step id → outputs; until the step is done, what its preflight expects | preflights, stages |
 * | `$measurements` | all measurements of stage checks and verification | checks |
 * | `$checks` | the newest round of measurements | checks, watch |
 * | `$watch` | WatchRecord or null | watch |
 * | `$approval` | ApprovalAnswer or null | Settle approval |
 * | `$planned` | PlannedRun or null | Plan the calls, of a dry run |
 * | `$timeline` | when each part began | all |
 * | `$failure`, `$reverts`, `$report` | Failure or null, RevertRecord[], ReportAnswer or null | the failure path, report |
 *
 * Answers: admit → AdmitAnswer, decide → Decision, announce → AnnounceAnswer, report → ReportAnswer,
 * release → ReleaseAnswer; actions → PreflightAnswer or ProgressAnswer, checks → Measurement.
 */
export type Payload<Event> = { [Key in keyof Event]: Event[Key] | string | Payload<Event[Key]> };

const context = "$states.context.Execution";

export function admitPayload(plan: Plan, hash: string, undo = false): Payload<AdmitEvent> {
  return {
    undo,
    input: `{% ${context}.Input %}`,
    execution: {
      id: `{% ${context}.Id %}`,
      name: `{% ${context}.Name %}`,
      startTime: `{% ${context}.StartTime %}`,
    },
    plan: hash,
    service: plan.service,
    budget: {
      attempts: plan.budget.attempts,
      perDay: plan.budget.perDay,
      minimumDelaySeconds: seconds(plan.budget.minimumDelay),
      eventAgeSeconds: seconds(plan.budget.eventAge),
    },
    deploymentWindowSeconds: seconds(plan.deployments.window),
    stableAfterSeconds: seconds(plan.deployments.stableAfter),
    observe: plan.mode === "observe",
    ...(plan.redeploy ? { overtakes: acting(plan) } : {}),
  };
}

/** Triggers whose runs may change something. */
const acting = ({ triggers }: Plan) =>
  triggers.filter(({ decision }) => decision === "rollback" || decision === "approve").map(({ id }) => id);

/** Names of alarms may be given by the stack; else they are `<service>-<criterion>`. */
export function decidePayload(
  plan: Plan,
  registries: Registries,
  alarms: Record<string, string> = {},
): Payload<DecideEvent> {
  return {
    run: "{% $run %}",
    plan: {
      service: plan.service,
      criteria: criteria(plan, alarms),
      deploymentWindowSeconds: seconds(plan.deployments.window),
      migrationSafeLevels: migrationSafeLevels(plan, registries),
      ...(plan.deployments.hotfix ? { hotfixSeconds: seconds(plan.deployments.hotfix) } : {}),
      levels: levelsOf(plan),
    },
  };
}

/** What a run knows of itself so far: every mail, and the ladder that a run calls, begin with it. */
export const SO_FAR = {
  decision: "{% $decision %}",
  changes: "{% $summaries %}",
  checks: "{% $checks %}",
  watch: "{% $watch %}",
  failure: "{% $failure %}",
  reverts: "{% $reverts %}",
  report: "{% $report %}",
};

export function announcePayload(plan: Plan, moment: Moment): Payload<AnnounceEvent> {
  return {
    moment,
    tell: constant(tellOf(plan, MOMENT_OF[moment])) as Tell,
    run: "{% $run %}",
    admission: moment === "refused" ? "{% $admission %}" : null,
    ...SO_FAR,
    approval: "{% $approval %}",
    ...(ENDINGS[moment] ? { ending: ENDINGS[moment] } : {}),
    ...(moment === "dry-run" ? { planned: "{% $planned %}" } : {}),
  };
}

/** What a mail at the end of a run calls it. */
const ENDINGS: Partial<Record<Moment, string>> = {
  succeeded: `{% ${GOOD_ENDING} %}`,
  failed: `{% ${FAILED_ENDING} %}`,
  refused: "refused",
  rejected: "refused",
  held: "held",
};

export function reportPayload(
  plan: Plan,
  registries: Registries,
  outcome: ReportEvent["outcome"],
): Payload<ReportEvent> {
  const objectives = Object.entries(plan.objectives).flatMap(([name, duration]) =>
    duration === undefined || name === "loss" ? [] : [[name, seconds(duration)]],
  );
  return {
    run: "{% $run %}",
    outcome,
    ending: ENDINGS[outcome]!,
    ...(constant(reportFacts(plan, registries)) as ReturnType<typeof reportFacts>),
    decision: "{% $decision %}",
    changes: "{% $changes %}",
    steps: "{% $steps %}",
    measurements: "{% $measurements %}",
    checks: "{% $checks %}",
    watch: "{% $watch %}",
    timeline: "{% $timeline %}",
    failure: "{% $failure %}",
    reverts: "{% $reverts %}",
    objectives: { ...Object.fromEntries(objectives), ...levelObjective(plan) },
    approval: "{% $approval %}",
  };
}

/** A run that climbs is measured against the objective of the level it ended at. */
function levelObjective(plan: Plan): { verified?: string } {
  const rungs = ladderOf(plan);
  const last = rungs.at(-1);
  if (!last) return {};
  const table = rungs
    .map(({ name, withinSeconds }) => `${JSON.stringify(name)}: ${withinSeconds}`)
    .join(", ");
  // Before the first stage there is no level yet.
  return {
    verified: `{% ($own := $exists($level) ? $lookup({${table}}, $level) : null; $exists($own) and $own != null ? $own : ${last.withinSeconds}) %}`,
  };
}

export function releasePayload(outcome: ReleaseEvent["outcome"]): Payload<ReleaseEvent> {
  const ending = outcome === "ignored" ? undefined : ENDINGS[outcome];
  return {
    run: "{% $run %}",
    outcome,
    failure: "{% $failure %}",
    report: "{% $report %}",
    ...(ending ? { ending } : {}),
  };
}

/**
 * A value that must reach its function as it is written: what Step Functions would take for an expression (a Liquid
 * template may begin with a tag) goes in as a JSONata string.
 */
export function constant(value: unknown): unknown {
  if (typeof value === "string")
    return value === "" || /[\n\r]/.test(value) || value.includes("{%")
      ? `{% ${JSON.stringify(value)} %}`
      : value;
  if (Array.isArray(value)) return value.map(constant);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, constant(each)]));
}

/**
 * A plan's value as it stands in a definition. Text of several lines goes in as a JSONata string, whose line breaks
 * are escapes: validators take a line break in a definition's string for the end of it.
 */
function literal(value: unknown): unknown {
  if (typeof value === "string")
    return /[\n\r]/.test(value) && expressionIn(value) === undefined
      ? `{% ${JSON.stringify(value)} %}`
      : value;
  if (Array.isArray(value)) return value.map(literal);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, literal(each)]));
}

/** What every verb of an action gets: the step's `with:` goes in as it is, Step Functions fills its expressions. */
function stepPayload(stage: Stage, step: Step) {
  return {
    run: "{% $run %}",
    step: { id: step.id, kind: step.action, stage: literal(stage.name) },
    input: literal(step.with),
  };
}

/** The resolved change of a step. Backticks: ids may hold hyphens. */
const changeOf = (step: Step) => `{% $changes.\`${step.id}\` %}`;

export const preflightPayload = (stage: Stage, step: Step) => ({
  ...stepPayload(stage, step),
  verb: "preflight",
});

export const changePayload = (stage: Stage, step: Step, verb: "apply" | "revert") => ({
  ...stepPayload(stage, step),
  verb,
  change: changeOf(step),
});

/** `$answer` and `$undo` are the fragments' own variables: what the last verb of this step answered. */
export function pollPayload(stage: Stage, step: Step, phase: "apply" | "revert") {
  const last = phase === "apply" ? "$answer" : "$undo";
  return {
    ...stepPayload(stage, step),
    verb: "poll",
    phase,
    change: changeOf(step),
    progress: `{% $exists(${last}.progress) ? ${last}.progress : null %}`,
  };
}

/** `before`: an expression for the value before the first change, or null. */
export function comparePayload({ worse }: Plan, before: string | null): Payload<CompareEvent> {
  if (!worse) throw new RangeError("comparePayload: the plan compares nothing");
  const { metric, percent, by, direction, over } = worse;
  const { period, dimensions, ...rest } = metric;
  return {
    run: "{% $run %}",
    worse: {
      metric: { ...rest, periodSeconds: seconds(period), ...(dimensions ? { dimensions } : {}) },
      overSeconds: seconds(over),
      percent,
      by,
      direction,
    },
    before,
  };
}

export function checkPayload(check: Check): Payload<CheckEvent> {
  return {
    verb: "measure",
    run: "{% $run %}",
    check: { id: check.id, kind: check.check },
    input: check.with,
  };
}
