import type { Plan, Trigger } from "./schema.ts";

/** A trigger on a metric, with what an alarm needs. */
export type MetricTrigger = Trigger & Required<Pick<Trigger, "metric" | "threshold" | "for">>;
/** A trigger on other triggers. */
export type CompositeTrigger = Trigger & Required<Pick<Trigger, "all">>;
/** A trigger on an event of the bus. */
export type EventTrigger = Trigger & Required<Pick<Trigger, "event">>;

export const isMetric = (trigger: Trigger): trigger is MetricTrigger =>
  trigger.metric !== undefined && trigger.threshold !== undefined && trigger.for !== undefined;
export const isComposite = (trigger: Trigger): trigger is CompositeTrigger => trigger.all !== undefined;
export const isEvent = (trigger: Trigger): trigger is EventTrigger => trigger.event !== undefined;

/** The triggers that stand for an alarm, in the plan's order. */
export const alarmTriggers = (plan: Pick<Plan, "triggers">): (MetricTrigger | CompositeTrigger)[] =>
  plan.triggers.filter((trigger) => isMetric(trigger) || isComposite(trigger));

/** What a trigger asks, in words: `> 10`, `error-rate and crash-loop`, `event "ECS Deployment State Change"`. */
export function conditionText(trigger: Trigger): string {
  if (isMetric(trigger))
    return trigger.percentOf ? `${trigger.threshold}% of ${trigger.percentOf.name}` : trigger.threshold;
  if (isComposite(trigger)) return trigger.all.join(" and ");
  if (isEvent(trigger))
    return `event ${trigger.event.detailType.map((type) => JSON.stringify(type)).join(" or ")}`;
  return "nothing";
}
