import type { ModifyRuleCommandInput, ModifyRuleOutput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { operation, ServiceException } from "../../service.ts";
import { checkedActions, checkedConditions } from "./actions.ts";
import { ruleAnswer } from "./describe.ts";
import { authorizeSignIns } from "./sign-in.ts";
import { listenerWith, ruleAt } from "./state.ts";

/** Replaces actions or conditions of a rule; the default rule belongs to its listener. */
export const ModifyRule = operation<ModifyRuleCommandInput, ModifyRuleOutput>({
  authorize: (input) => [
    { action: "elasticloadbalancing:ModifyRule", resources: [input.RuleArn ?? "*"] },
    ...authorizeSignIns(input.Actions),
  ],
  run: (input, { world }) => {
    const rule = ruleAt(world, input.RuleArn);
    if (rule.priority === "default")
      throw new ServiceException("OperationNotPermittedException", "Default rules cannot be modified");
    if (input.Actions)
      rule.actions = checkedActions(world, input.Actions, {
        protocol: listenerWith(world, rule).protocol,
        now: rule.actions,
      });
    if (input.Conditions) rule.conditions = checkedConditions(input.Conditions);
    return { Rules: [ruleAnswer(rule)] };
  },
});
