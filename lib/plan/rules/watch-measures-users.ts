import type { Rule } from "./rule.ts";

/**
 * A watch in which nothing measures what users see (a metric of the service, a request to it) says nothing about
 * whether the service is well. Which checks do is their own property.
 */
export const watchMeasuresUsers: Rule = (plan, { checks }) => {
  const able = Object.values(checks).filter((spec) => spec.measuresUsers);
  if (able.length === 0 || plan.watch.checks.some(({ check }) => checks[check]?.measuresUsers)) return [];
  return [
    {
      path: ["watch", "checks"],
      reason: "no check of the watch measures what users of the service see",
      instead: `add one of: ${able.map(({ kind }) => kind).join(", ")}`,
    },
  ];
};
