import {
  type Action,
  DescribeRulesCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type * as z from "zod";
import { clientSettings, once } from "../../runtime/clients.ts";
import { refusal, WatchdogError } from "../../runtime/errors.ts";
import { serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { inWords, moved, sameForward } from "./actions.ts";
import { albWeights } from "./spec.ts";

const elb = once(() => new ElasticLoadBalancingV2Client(clientSettings));
type Input = z.output<typeof albWeights.input>;
type Before = z.output<typeof albWeights.before>;

async function actionsOf({ rule }: Input): Promise<Action[]> {
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
      `${rule} is its listener's default rule, which cannot be modified. Nothing was changed. Put a rule of its own before it.`,
    );
  return found.Actions ?? [];
}

/** Healthy targets of a group, and a line that says so. */
async function healthOf(TargetGroupArn: string): Promise<{ healthy: number; line: string }> {
  const { TargetHealthDescriptions: all = [] } = await elb().send(
    new DescribeTargetHealthCommand({ TargetGroupArn }),
  );
  const states = all.map(({ Target, TargetHealth }) => ({
    text: `${Target?.Id}:${Target?.Port} ${TargetHealth?.State}${TargetHealth?.Reason ? ` (${TargetHealth.Reason})` : ""}`,
    healthy: TargetHealth?.State === "healthy",
  }));
  const healthy = states.filter((each) => each.healthy).length;
  return {
    healthy,
    line: `${healthy} of ${all.length} targets healthy: ${states.map(({ text }) => text).join(", ") || "none registered"}`,
  };
}

/** Compare and set, as far as Elastic Load Balancing lets: the rule is read right before it is written. */
async function put(input: Input, from: Action[], to: Action[]): Promise<Action[]> {
  const now = await actionsOf(input);
  if (sameForward(now, to)) return now;
  if (!sameForward(now, from))
    throw new WatchdogError(
      "ChangedSincePreflight",
      `The rule ${input.rule} forwards ${inWords(now)}, and this run knows ${inWords(from)} and ${inWords(to)} only. It was left alone. Find out who changed it.`,
    );
  await elb().send(new ModifyRuleCommand({ RuleArn: input.rule, Actions: to }));
  return to;
}

/** Actions travel through the state machine as they came from Elastic Load Balancing. */
const records = (actions: Action[]) => actions.map((action) => ({ ...action }) as Record<string, unknown>);
const asActions = (kept: Before["actions"]) => kept as unknown as Action[];

export const verbs: Verbs<Input, Before> = {
  async preflight(input) {
    const actions = await actionsOf(input);
    const target = moved(actions, input.to, input.percent);
    const { healthy, line } = await healthOf(input.to);
    if (healthy < input.healthy)
      throw refusal(
        `The target group ${input.to} is not ready: ${line}; ${input.healthy} are needed. Nothing was changed. Bring its targets up, then start the run again.`,
      );
    const same = sameForward(actions, target);
    return {
      before: { actions: records(actions), target: records(target) },
      after: { weights: inWords(target) },
      summary: same
        ? `the rule forwards ${inWords(actions)} already`
        : `rule: ${inWords(actions)} → ${inWords(target)}`,
      evidence: [input.rule, line],
      expects: { targetGroup: input.to },
    };
  },

  async apply(input, { before }) {
    const { healthy, line } = await healthOf(input.to);
    // They were healthy at preflight; traffic goes to what is healthy now.
    if (healthy < input.healthy)
      throw new WatchdogError(
        "WorkFailed",
        `The target group ${input.to} is no longer ready: ${line}. The rule was left as it is. Look at its targets.`,
      );
    const now = await put(input, asActions(before.actions), asActions(before.target));
    return { done: true, note: `the rule forwards ${inWords(now)}`, outputs: { targetGroup: input.to } };
  },

  async poll(input, { before }, { phase }) {
    const wanted = asActions(phase === "apply" ? before.target : before.actions);
    const now = await actionsOf(input);
    return {
      done: sameForward(now, wanted),
      note: `the rule forwards ${inWords(now)}`,
      outputs: { targetGroup: input.to },
    };
  },

  async revert(input, { before }) {
    const now = await put(input, asActions(before.target), asActions(before.actions));
    return { done: true, note: `the rule forwards ${inWords(now)}` };
  },
};

export const handler = serveAction(albWeights, verbs);
