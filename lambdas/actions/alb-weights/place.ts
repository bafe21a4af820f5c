import {
  type Action,
  DescribeListenersCommand,
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
  ModifyRuleCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { clientSettings, once } from "../../runtime/clients.ts";
import { refusal } from "../../runtime/errors.ts";
import { isListener } from "./spec.ts";

export const elb = once(() => new ElasticLoadBalancingV2Client(clientSettings));

/** The actions of a rule, or a listener's default actions. */
export async function actionsOf(rule: string): Promise<Action[]> {
  if (isListener(rule)) return defaultActionsOf(rule);
  const { Rules = [] } = await elb()
    .send(new DescribeRulesCommand({ RuleArns: [rule] }))
    .catch((error: Error) => {
      if (error.name === "RuleNotFoundException") return { Rules: [] };
      throw error;
    });
  const [found] = Rules;
  if (!found) throw refusal(`There is no rule ${rule}. Nothing was changed. Correct the plan.`);
  if (found.IsDefault)
    throw refusal(
      `${rule} is its listener's default rule, which cannot be modified. Nothing was changed. Give the listener's ARN instead.`,
    );
  return found.Actions ?? [];
}

async function defaultActionsOf(listener: string): Promise<Action[]> {
  const { Listeners = [] } = await elb()
    .send(new DescribeListenersCommand({ ListenerArns: [listener] }))
    .catch((error: Error) => {
      if (error.name === "ListenerNotFoundException") return { Listeners: [] };
      throw error;
    });
  if (!Listeners[0])
    throw refusal(`There is no listener ${listener}. Nothing was changed. Correct the plan.`);
  return Listeners[0].DefaultActions ?? [];
}

/** Writes the actions of a rule, or a listener's default actions; what else either has stays as it is. */
export async function writeActions(rule: string, actions: Action[]): Promise<void> {
  const Actions = actions.map(withItsSecret);
  if (isListener(rule))
    await elb().send(new ModifyListenerCommand({ ListenerArn: rule, DefaultActions: Actions }));
  else await elb().send(new ModifyRuleCommand({ RuleArn: rule, Actions }));
}

/**
 * A client's secret is never answered, and a call without it is refused unless it says that the present one stays.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AuthenticateOidcActionConfig.html
 */
function withItsSecret(action: Action): Action {
  if (!action.AuthenticateOidcConfig) return action;
  const { ClientSecret: _, ...config } = action.AuthenticateOidcConfig;
  return { ...action, AuthenticateOidcConfig: { ...config, UseExistingClientSecret: true } };
}
