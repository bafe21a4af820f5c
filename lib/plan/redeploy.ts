import { seconds } from "./duration.ts";
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
