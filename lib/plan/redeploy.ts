import type { RampOutline } from "../../lambdas/runtime/protocol.ts";
import { durationText, seconds } from "./duration.ts";
import { expressionsIn, referencesOf } from "./expressions.ts";
import type { Registries } from "./registries.ts";
import type { Check, Plan, Stage, Step } from "./schema.ts";
import { alarmTriggers } from "./trigger-kind.ts";

/** One step of a ramp, with everything that it does not say itself filled in. */
export interface RampStep {
  index: number;
  name: string;
  /** Its actions as a stage, for payloads and fragments that speak of stages. */
  stage: Stage;
  checks: Check[];
  holdSeconds: number;
  everySeconds: number;
  /** A hold is cut into executions of at most so many seconds each. */
  legSeconds: number;
  legs: number;
  /** Rounds of checks in the longest leg. */
  roundsInLeg: number;
}

/** What people call the state of things before the first step. */
export const BEFORE_ALL = "the start";

/** The steps of a plan's ramp, in order; none for a plan without one. */
export function rampSteps({ redeploy, watch }: Pick<Plan, "redeploy" | "watch">): RampStep[] {
  return (redeploy?.steps ?? []).map((step, index) => {
    const holdSeconds = seconds(step.hold);
    const everySeconds = seconds(step.every ?? redeploy!.every);
    const legSeconds = Math.min(holdSeconds, seconds(redeploy!.progress));
    return {
      index,
      name: step.name,
      stage: { name: `Redeploy: ${step.name}`, steps: step.steps, checks: [] },
      checks: step.checks ?? watch.checks,
      holdSeconds,
      everySeconds,
      legSeconds,
      legs: Math.ceil(holdSeconds / legSeconds),
      roundsInLeg: Math.max(1, Math.ceil(legSeconds / everySeconds)),
    };
  });
}

/** Every step of a plan whose functions and roles its stack needs: those that roll back, and those of the ramp. */
export const allSteps = (plan: Plan): Step[] => [
  ...plan.stages.flatMap((stage) => stage.steps),
  ...rampSteps(plan).flatMap(({ stage }) => stage.steps),
];

/** Every check of a plan, wherever it stands. */
export const allChecks = (plan: Plan): Check[] => [
  ...plan.stages.flatMap((stage) => stage.checks),
  ...plan.verify,
  ...plan.watch.checks,
  ...(plan.redeploy?.steps ?? []).flatMap(({ checks = [] }) => checks),
];

/**
 * Triggers that take a ramp back a step instead of beginning a rollback: alarms that would act. Not SEV-1, which waits
 * for nothing; not those that the plan names; not events, of which nobody can tell afterwards whether they are over.
 */
export function takesRampBack(plan: Plan): string[] {
  const { redeploy } = plan;
  if (!redeploy) return [];
  return alarmTriggers(plan)
    .filter(({ decision }) => decision === "rollback" || decision === "approve")
    .filter(({ id, severity }) => severity !== "SEV-1" && !redeploy.atOnce.includes(id))
    .map(({ id }) => id);
}

/** A change of a ramp by its place: index of the ramp's step, and number of the change in it. */
export interface RampChange {
  index: number;
  number: number;
  change: Step;
}

/** Every change of a ramp, in order. */
export const rampChanges = (plan: Pick<Plan, "redeploy" | "watch">): RampChange[] =>
  rampSteps(plan).flatMap(({ index, stage }) =>
    stage.steps.map((change, number) => ({ index, number, change })),
  );

/**
 * By index of a ramp's step: the later changes that it makes different, because they touch what it touches or are made
 * of what it gives. They are resolved anew once it is made; a change that nothing before it touches stays as it was
 * resolved at the beginning. What a change resolves to when its turn comes must be what it last resolved to: anything
 * else was somebody else. Pure.
 */
export function resolvedAnew(plan: Plan, registries: Registries): RampChange[][] {
  const all = rampChanges(plan);
  const found: RampChange[][] = rampSteps(plan).map(() => []);
  for (const later of all) {
    const basis = all.findLast(
      (earlier) => earlier.index < later.index && concerns(earlier.change, later.change, registries),
    );
    if (basis) found[basis.index]!.push(later);
  }
  return found;
}

function concerns(earlier: Step, later: Step, registries: Registries): boolean {
  const touched = touchedBy(earlier, registries);
  return (
    touchedBy(later, registries).some((each) => touched.includes(each)) ||
    expressionsIn(later.with)
      .flatMap(({ source }) => referencesOf(source))
      .some(([variable, id]) => variable === "steps" && (id === undefined || id === earlier.id))
  );
}

/** A kind that nobody knows may touch anything of its own. */
const touchedBy = (step: Step, { actions }: Registries): string[] =>
  actions[step.action]?.touches(step.with as never).map(({ type, id }) => `${type} ${id}`) ?? [step.action];

/** A ramp as people read it before it begins: its steps, and what takes it back. */
export function rampOutline(plan: Plan): RampOutline {
  const steps = rampSteps(plan);
  const back = takesRampBack(plan);
  const { approval } = plan.redeploy!;
  return {
    steps: steps.map(({ name, holdSeconds, everySeconds, stage }) => ({
      name,
      holdSeconds,
      everySeconds,
      changes: stage.steps.map(({ id }) => id),
    })),
    back,
    atOnce: plan.triggers
      .filter(({ id, decision }) => (decision === "rollback" || decision === "approve") && !back.includes(id))
      .map(({ id }) => id),
    checks: [...new Set(steps.flatMap(({ checks }) => checks.map(({ id }) => id)))],
    approval:
      approval === undefined
        ? ""
        : `${plan.approval?.approvers.join(", ") ?? "nobody"} are asked ${approval.ask === "ramp" ? "once, before the first change" : "before each step that changes something"}, and have ${durationText(seconds(approval.deadline))}`,
  };
}
