import type { Criterion } from "../../lambdas/runtime/protocol.ts";
import { seconds } from "./duration.ts";
import type { Registries } from "./registries.ts";
import type { Plan } from "./schema.ts";
import { conditionText, isEvent, isMetric } from "./trigger-kind.ts";

/** Name of the alarm that stands for a trigger: `<service>-<trigger>`. */
export function alarmName(plan: Pick<Plan, "service">, trigger: string): string {
  return `${plan.service}-${trigger}`;
}

/** The plan's triggers as `decide` reads them, in the plan's order. `alarms`: names given by the stack. */
export function criteria(plan: Plan, alarms: Record<string, string> = {}): Criterion[] {
  return plan.triggers.map((trigger) => ({
    id: trigger.id,
    ...(isEvent(trigger) ? {} : { alarm: alarms[trigger.id] ?? alarmName(plan, trigger.id) }),
    threshold: conditionText(trigger),
    forSeconds: isMetric(trigger) ? seconds(trigger.for) : 0,
    periodSeconds: isMetric(trigger) ? seconds(trigger.metric.period) : 0,
    missing: trigger.missing,
    decision: trigger.decision,
    level: trigger.level,
    ...(trigger.severity ? { severity: trigger.severity } : {}),
    ...(trigger.withoutDeployment === "act" ? { actsWithoutDeployment: true } : {}),
  }));
}

/** Every level a run of this plan may have: those of its triggers and of its stages, `full` among them. */
export function levelsOf(plan: Plan): string[] {
  const found = [
    "full",
    ...plan.triggers.map((trigger) => trigger.level),
    ...plan.stages.flatMap((stage) => stage.levels ?? []),
  ];
  return [...new Set(found)];
}

/**
 * Levels that are no danger after a deployment with a migration: a step takes the data back to before it, or none of
 * them changes what code runs. At every other one code would run on a schema that it does not know.
 */
export function migrationSafeLevels(plan: Plan, { actions }: Registries): string[] {
  const undoes = ({ steps }: Plan["stages"][number]) =>
    steps.some(({ action }) => actions[action]?.undoesMigration === true);
  const keepsCode = ({ steps }: Plan["stages"][number]) =>
    steps.every(
      ({ action }) => actions[action]?.keepsCode === true || actions[action]?.effect === "backs-up",
    );
  return levelsOf(plan).filter((level) => {
    const stages = plan.stages.filter((stage) => runsAt(stage, level));
    return stages.some(undoes) || (stages.length > 0 && stages.every(keepsCode));
  });
}

/** Whether a stage runs at a level. */
export function runsAt(stage: { levels?: string[] | undefined }, level: string): boolean {
  return stage.levels === undefined || stage.levels.includes(level);
}
