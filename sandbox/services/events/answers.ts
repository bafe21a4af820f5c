import type { Bus, Rule } from "./state.ts";

/** A rule as DescribeRule and ListRules answer it. */
export const ruleAnswer = (rule: Rule) => ({
  Name: rule.name,
  Arn: rule.arn,
  EventPattern: rule.pattern,
  ScheduleExpression: rule.schedule,
  State: rule.state,
  Description: rule.description,
  RoleArn: rule.roleArn,
  EventBusName: rule.bus,
});

/** A bus as DescribeEventBus and ListEventBuses answer it. */
export const busAnswer = (bus: Bus) => ({
  Name: bus.name,
  Arn: bus.arn,
  Description: bus.description,
  Policy: bus.policy ? JSON.stringify(bus.policy) : undefined,
  CreationTime: new Date(bus.createdAt),
  LastModifiedTime: new Date(bus.changedAt),
});
