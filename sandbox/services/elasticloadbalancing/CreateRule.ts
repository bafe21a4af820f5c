import type { CreateRuleCommandInput, CreateRuleOutput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { operation, ServiceException } from "../../service.ts";
import { checkedActions, checkedConditions } from "./actions.ts";
import { ruleAnswer } from "./describe.ts";
import { authorizeSignIns } from "./sign-in.ts";
import { idOf, listenerAt } from "./state.ts";

/** Adds a rule to a listener, at its place among the priorities. */
export const CreateRule = operation<CreateRuleCommandInput, CreateRuleOutput>({
  authorize: (input) => [
    { action: "elasticloadbalancing:CreateRule", resources: [input.ListenerArn ?? "*"] },
    ...authorizeSignIns(input.Actions),
  ],
  run: (input, { world }) => {
    const listener = listenerAt(world, input.ListenerArn);
    const priority = String(input.Priority);
    if (listener.rules.some((each) => each.priority === priority))
      throw new ServiceException("PriorityInUseException", `Priority '${priority}' is currently in use`);
    const rule = {
      arn: listener.arn
        .replace(":listener/", ":listener-rule/")
        .concat(`/${idOf(`${listener.arn} ${priority}`)}`),
      priority,
      conditions: checkedConditions(input.Conditions),
      actions: checkedActions(world, input.Actions, listener),
    };
    listener.rules.push(rule);
    // The default rule, whose priority is no number, comes last.
    listener.rules.sort((left, right) => rank(left.priority) - rank(right.priority));
    return { Rules: [ruleAnswer(rule)] };
  },
});

const rank = (priority: string) => (priority === "default" ? Number.POSITIVE_INFINITY : Number(priority));
