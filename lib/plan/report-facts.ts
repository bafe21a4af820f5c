import type { FollowUp, ReportEvent, StepFacts, WatchedMetric } from "../../lambdas/runtime/protocol.ts";
import { seconds } from "./duration.ts";
import { expressionIn } from "./expressions.ts";
import type { Registries } from "./registries.ts";
import type { Plan, Step } from "./schema.ts";
import { comparison, isBaseline } from "./threshold.ts";
import { conditionText, isMetric } from "./trigger-kind.ts";

/** What the report must know of the plan beside the run itself. */
export function reportFacts(
  plan: Plan,
  registries: Registries,
): Pick<ReportEvent, "stepFacts" | "metrics" | "followUps"> {
  const stepFacts = plan.stages.flatMap((stage) =>
    stage.steps.map((step): [string, StepFacts] => [
      step.id,
      {
        stage: stage.name,
        effect: registries.actions[step.action]?.effect ?? "overwrites",
        touches: touchedBy(step, registries),
      },
    ]),
  );
  return {
    stepFacts: Object.fromEntries(stepFacts),
    metrics: watchedMetrics(plan),
    followUps: plan.followUps.map(({ what, within }): FollowUp => ({ what, withinSeconds: seconds(within) })),
  };
}

/** Resources by name; one that a run only finds out is in its change. */
function touchedBy(step: Step, { actions }: Registries): StepFacts["touches"] {
  const spec = actions[step.action];
  const touched = spec ? spec.touches(step.with as never) : [];
  return touched.filter(({ id }) => expressionIn(id) === undefined && !id.includes("{%"));
}

/** The metrics of the plan's triggers, each once, with every threshold on it. */
function watchedMetrics(plan: Plan): WatchedMetric[] {
  const metrics = new Map<string, WatchedMetric>();
  for (const trigger of plan.triggers.filter(isMetric)) {
    const { id, metric, percentOf, threshold, for: held, decision } = trigger;
    const { namespace, name, statistic, period, dimensions = {} } = metric;
    const key = JSON.stringify([
      namespace,
      name,
      statistic,
      Object.entries(dimensions).toSorted(),
      percentOf,
    ]);
    const known = metrics.get(key);
    const watched = known ?? {
      namespace,
      name,
      statistic,
      periodSeconds: seconds(period),
      dimensions,
      ...(percentOf ? { percentOf: { ...percentOf, dimensions: percentOf.dimensions ?? {} } } : {}),
      thresholds: [],
    };
    watched.thresholds.push({
      criterion: id,
      text: `${conditionText(trigger)} for ${held}`,
      ...(isBaseline(threshold) ? {} : { value: comparison(threshold).value }),
      decision,
    });
    metrics.set(key, watched);
  }
  return [...metrics.values()];
}
