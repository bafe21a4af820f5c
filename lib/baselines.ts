import { Duration } from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import type { Role } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { BaselineSpec } from "../lambdas/runtime/names.ts";
import type { PlanFunctions } from "./functions.ts";
import { READ_METRICS, WRITE_OWN_METRICS } from "./handlers.ts";
import { seconds } from "./plan/duration.ts";
import { Baseline } from "./plan/schema/trigger.ts";
import type { Plan } from "./plan/schema.ts";
import { isBaseline, isDeviation } from "./plan/threshold.ts";
import { isMetric } from "./plan/trigger-kind.ts";
import { permit } from "./roles.ts";
import { TASK_SECONDS } from "./workflow/deadline.ts";

/** Keeps the baselines of triggers that are relative to one; a plan without such triggers gets nothing of it. */
export function addBaselines(scope: Construct, plan: Plan, functions: PlanFunctions, observer: Role): void {
  const specs = plan.triggers.filter(isMetric).flatMap((trigger): BaselineSpec[] => {
    if (!isBaseline(trigger.threshold)) return [];
    const { window, lag } = trigger.baseline ?? Baseline.parse({});
    const { period, dimensions, ...metric } = trigger.metric;
    return [
      {
        trigger: trigger.id,
        metric: { ...metric, ...(dimensions ? { dimensions } : {}) },
        windowSeconds: seconds(window),
        lagSeconds: seconds(lag),
        // Points of another length vary less, or more, than those that the alarm looks at.
        ...(isDeviation(trigger.threshold) ? { deviationOfSeconds: seconds(period) } : {}),
      },
    ];
  });
  if (specs.length === 0) return;
  permit(observer, READ_METRICS, WRITE_OWN_METRICS);
  const measurer = functions.add("Baseline", {
    bundle: "baseline",
    description: "measures what is normal",
    role: observer,
    timeoutSeconds: TASK_SECONDS.handler,
    environment: { BASELINES: JSON.stringify(specs) },
  });
  new Rule(scope, "MeasureBaseline", {
    description: `What is normal for ${plan.service}, every five minutes`,
    schedule: Schedule.rate(Duration.minutes(5)),
    targets: [new LambdaFunction(measurer)],
  });
}
