import fc from "fast-check";
import type { z } from "zod";
import { Plan } from "../../../lib/plan/schema.ts";

/** What a YAML file may say, before defaults. */
export type PlanInput = z.input<typeof Plan>;

/** A plan with two stages: `restore` makes something and proves it, `address` and `key` switch to it. */
export function smallPlan(change: (plan: PlanInput) => void = () => undefined): Plan {
  const plan: PlanInput = {
    service: "shop",
    triggers: [
      {
        id: "errors",
        metric: { namespace: "Shop", name: "Errors", statistic: "Average" },
        threshold: "> 10",
        for: "2m",
        decision: "rollback",
      },
    ],
    stages: [
      {
        name: "restore data",
        steps: [{ id: "restore", action: "make", with: { target: "db" } }],
        checks: [{ id: "rows", check: "probe", with: { target: "{% $steps.restore.endpoint.address %}" } }],
      },
      {
        name: "switch",
        steps: [
          { id: "key", action: "point", with: { target: "key" } },
          { id: "db-address", action: "point", with: { target: "{% $steps.restore.endpoint.address %}" } },
        ],
      },
    ],
    verify: [{ id: "health", check: "probe" }],
    watch: {
      for: "5m",
      every: "1m",
      settle: "1m",
      progress: "2m",
      checks: [{ id: "error-rate", check: "probe" }],
    },
    notify: {},
  };
  change(plan);
  return Plan.parse(plan);
}

const LEVELS = ["full", "partial", "flag"];

/** Ladders of 1 to 5 rungs, repeated or not, called at once or not. */
const anyLadder: fc.Arbitrary<NonNullable<PlanInput["escalation"]>> = fc
  .record({
    gaps: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 }),
    atOnce: fc.boolean(),
    times: fc.integer({ min: 0, max: 4 }),
    criteria: fc.boolean(),
  })
  .map(({ gaps, atOnce, times, criteria }) => ({
    rungs: gaps.map((_, index) => ({
      after: `${gaps.slice(0, index + 1).reduce((sum, gap) => sum + gap, 0) - (atOnce ? gaps[0]! : 0)}m`,
      audiences: ["engineers" as const],
    })),
    repeat: { every: "10m", times },
    criteria: criteria ? ["errors"] : [],
  }));

/** Plans of 1 to 4 stages with steps, checks, levels and deadlines of any size. */
export const anyPlan: fc.Arbitrary<Plan> = fc
  .record({
    stages: fc.array(
      fc.record({
        steps: fc.integer({ min: 1, max: 3 }),
        checks: fc.integer({ min: 0, max: 2 }),
        levels: fc.option(fc.uniqueArray(fc.constantFrom(...LEVELS), { minLength: 1 }), { nil: undefined }),
        timeout: fc.constantFrom("1m", "15m", "2h"),
        name: fc.option(fc.constantFrom("Verify", "Watch", "Admit", "switch", "a\nb", "x".repeat(60)), {
          nil: undefined,
        }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    verify: fc.integer({ min: 1, max: 3 }),
    watch: fc.integer({ min: 1, max: 3 }),
    minutes: fc.integer({ min: 1, max: 60 }),
    tolerate: fc.integer({ min: 0, max: 3 }),
    onFailure: fc.constantFrom("revert" as const, "hold" as const),
    climbs: fc.boolean(),
    escalation: fc.option(anyLadder, { nil: undefined }),
    approval: fc.boolean(),
    late: fc.integer({ min: 0, max: 2 }),
  })
  .map(({ stages, verify, watch, minutes, tolerate, onFailure, climbs, escalation, approval, late }) => {
    const checks = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, index) => ({ id: `${prefix}-${index}`, check: "probe" }));
    return smallPlan((plan) => {
      plan.stages = stages.map((stage, number) => ({
        name: stage.name ?? `stage ${number}`,
        ...(stage.levels ? { levels: stage.levels } : {}),
        // Never the first: something has to be rolled back.
        ...(number > 0 && number >= stages.length - late ? { after: "watch" as const } : {}),
        steps: Array.from({ length: stage.steps }, (_, index) => ({
          id: `step-${number}-${index}`,
          action: index % 2 === 0 ? "make" : "point",
          timeout: stage.timeout,
        })),
        checks: checks(`check-${number}`, stage.checks),
      }));
      plan.verify = checks("verify", verify);
      plan.watch = { for: `${minutes}m`, every: "1m", tolerate, checks: checks("watch", watch) };
      plan.onFailure = onFailure;
      if (climbs) plan.levels = LEVELS.toReversed().map((name) => ({ name, within: "3m" }));
      if (escalation) plan.escalation = escalation;
      if (approval) plan.approval = { approvers: ["lead@shop.example"], fourEyes: true };
    });
  });
