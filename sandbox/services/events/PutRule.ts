import { randomUUID } from "node:crypto";
import type { PutRuleCommandInput, PutRuleCommandOutput } from "@aws-sdk/client-eventbridge";
import { operation, ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { deliverToTargets, second } from "./deliver.ts";
import { compilePattern } from "./pattern/index.ts";
import { nextTime, schedule } from "./schedule.ts";
import { busName, busNamed, DEFAULT_BUS, isEnabled, type Rule, ruleArn } from "./state.ts";
import { tagMap } from "./tagged.ts";

/** Makes or changes a rule; its targets and tags stay. */
export const PutRule = operation<PutRuleCommandInput, Omit<PutRuleCommandOutput, "$metadata">>({
  authorize: (input, { world }) => [
    {
      action: "events:PutRule",
      resources: [ruleArn(world, input.EventBusName, input.Name)],
      ...(input.ScheduleExpression ? {} : { context: { "events:creatorAccount": world.account } }),
    },
  ],
  run: (input, { world }) => {
    check(input);
    const bus = busNamed(world, input.EventBusName);
    const name = input.Name!;
    const old = bus.rules.get(name);
    const rule: Rule = {
      name,
      arn: ruleArn(world, bus.name, name),
      bus: bus.name,
      description: input.Description,
      pattern: input.EventPattern,
      schedule: input.ScheduleExpression,
      roleArn: input.RoleArn,
      state: input.State ?? "ENABLED",
      targets: old?.targets ?? new Map(),
      tags: old?.tags ?? tagMap(input.Tags),
      cancel: () => {},
    };
    if (rule.schedule !== undefined) rule.cancel = schedule(world, rule.schedule, () => tick(world, rule));
    old?.cancel();
    bus.rules.set(name, rule);
    return { RuleArn: rule.arn };
  },
});

const invalid = (message: string) => new ServiceException("ValidationException", message);

function check(input: PutRuleCommandInput): void {
  const name = input.Name ?? "";
  const constraint = (what: string) =>
    invalid(
      `1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: Member must ${what}`,
    );
  if (!/^[.\-_A-Za-z0-9]+$/.test(name))
    throw constraint("satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+");
  if (name.length > 64) throw constraint("have length less than or equal to 64");
  if (input.EventPattern === undefined && input.ScheduleExpression === undefined)
    throw invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.");
  if (input.EventPattern !== undefined) compilePattern(input.EventPattern);
  if (input.ScheduleExpression === undefined) return;
  if (busName(input.EventBusName) !== DEFAULT_BUS)
    throw invalid("ScheduleExpression is supported only on the default event bus.");
  nextTime(input.ScheduleExpression);
}

function tick(world: World, rule: Rule): void {
  if (!isEnabled(rule)) return;
  deliverToTargets(world, rule, {
    version: "0",
    id: randomUUID(),
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account: world.account,
    time: second(world.clock.now()),
    region: world.region,
    resources: [rule.arn],
    detail: {},
  });
}
