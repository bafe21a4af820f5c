import { randomUUID } from "node:crypto";
import type { PutRuleCommandInput, PutRuleCommandOutput } from "@aws-sdk/client-eventbridge";
import { operation, ServiceException } from "../../service.ts";
import { deliverToTargets } from "./deliver.ts";
import { compilePattern } from "./pattern/index.ts";
import { schedule } from "./schedule.ts";
import { busNamed, type Rule, ruleArn } from "./state.ts";

/** Makes or changes a rule; its targets stay. */
export const PutRule = operation<PutRuleCommandInput, Omit<PutRuleCommandOutput, "$metadata">>({
  authorize: (input, { world }) => [
    { action: "events:PutRule", resources: [ruleArn(world, input.EventBusName, input.Name)] },
  ],
  run: (input, { world }) => {
    const bus = busNamed(world, input.EventBusName);
    const name = input.Name ?? "";
    if (!/^[\w.-]{1,64}$/.test(name))
      throw new ServiceException(
        "ValidationException",
        `1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+`,
      );
    if (input.EventPattern === undefined && input.ScheduleExpression === undefined)
      throw new ServiceException(
        "ValidationException",
        "Parameter(s) EventPattern or ScheduleExpression must be specified.",
      );
    if (input.EventPattern !== undefined) compilePattern(input.EventPattern);
    const old = bus.rules.get(name);
    const rule: Rule = {
      name,
      arn: ruleArn(world, bus.name, name),
      bus: bus.name,
      description: input.Description,
      pattern: input.EventPattern,
      schedule: input.ScheduleExpression,
      roleArn: input.RoleArn,
      enabled: input.State !== "DISABLED",
      targets: old?.targets ?? new Map(),
      tags: old?.tags ?? new Map((input.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
      cancel: () => undefined,
    };
    if (rule.schedule !== undefined) {
      const time = rule.schedule;
      rule.cancel = schedule(world, time, () => {
        if (!rule.enabled) return;
        const at = new Date(world.clock.now()).toISOString().replace(/\.\d+Z$/, "Z");
        deliverToTargets(world, rule, {
          version: "0",
          id: randomUUID(),
          "detail-type": "Scheduled Event",
          source: "aws.events",
          account: world.account,
          time: at,
          region: world.region,
          resources: [rule.arn],
          detail: {},
        });
      });
    }
    old?.cancel();
    bus.rules.set(name, rule);
    return { RuleArn: rule.arn };
  },
});
