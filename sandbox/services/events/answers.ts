import type { Rule } from "./state.ts";

/** A rule as DescribeRule and ListRules answer it. */
export function ruleAnswer(rule: Rule) {
  return {
    Name: rule.name,
    Arn: rule.arn,
    EventPattern: rule.pattern,
    ScheduleExpression: rule.schedule,
    State: rule.enabled ? ("ENABLED" as const) : ("DISABLED" as const),
    Description: rule.description,
    RoleArn: rule.roleArn,
    EventBusName: rule.bus,
  };
}
