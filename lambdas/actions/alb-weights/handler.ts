import { type Action, DescribeTargetHealthCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import type * as z from "zod";
import { refusal, WatchdogError } from "../../runtime/errors.ts";
import { serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { forwarding, inWords, moved, sameForward, userPoolsOf } from "./actions.ts";
import { actionsOf, elb, writeActions } from "./place.ts";
import { albWeights, isListener } from "./spec.ts";

type Input = z.output<typeof albWeights.input>;
type Before = z.output<typeof albWeights.before>;

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

/**
 * Compare and set, as far as Elastic Load Balancing lets: the actions are read right before they are written, and of
 * them only the forward's weights are other than they are.
 */
async function put({ rule }: Input, from: Action[], to: Action[]): Promise<Action[]> {
  const now = await actionsOf(rule);
  if (sameForward(now, to)) return now;
  if (!sameForward(now, from))
    throw new WatchdogError(
      "ChangedSincePreflight",
      `${rule} forwards ${inWords(now)}, and this run knows ${inWords(from)} and ${inWords(to)} only. It was left alone. Find out who changed it.`,
    );
  await writeActions(rule, forwarding(now, to));
  return to;
}

/** Elastic Load Balancing reads the user pool of a sign-in in the caller's name, so the role must name it. */
function mustKnowUserPools(actions: Action[], { rule, userPool }: Input): void {
  const unknown = userPoolsOf(actions).find((each) => each !== userPool);
  if (unknown)
    throw refusal(
      `${rule} signs users in with the Cognito user pool ${unknown}, and ${userPool ? `the plan's userPool is ${userPool}` : "the plan names no userPool"}: AWS would refuse the change without cognito-idp:DescribeUserPoolClient on that pool. Nothing was changed. Give userPool: ${unknown}.`,
    );
}

const named = ({ rule }: Input) => (isListener(rule) ? "the listener" : "the rule");

/** Actions travel through the state machine as they came from Elastic Load Balancing. */
const records = (actions: Action[]) => actions.map((action) => ({ ...action }) as Record<string, unknown>);
const asActions = (kept: Before["actions"]) => kept as unknown as Action[];

export const verbs: Verbs<Input, Before> = {
  async preflight(input) {
    const actions = await actionsOf(input.rule);
    mustKnowUserPools(actions, input);
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
        ? `${named(input)} forwards ${inWords(actions)} already`
        : `${named(input)}: ${inWords(actions)} → ${inWords(target)}`,
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
    return {
      done: true,
      note: `${named(input)} forwards ${inWords(now)}`,
      outputs: { targetGroup: input.to },
    };
  },

  async poll(input, { before }, { phase }) {
    const wanted = asActions(phase === "apply" ? before.target : before.actions);
    const now = await actionsOf(input.rule);
    return {
      done: sameForward(now, wanted),
      note: `${named(input)} forwards ${inWords(now)}`,
      outputs: { targetGroup: input.to },
    };
  },

  async revert(input, { before }) {
    const now = await put(input, asActions(before.target), asActions(before.actions));
    return { done: true, note: `${named(input)} forwards ${inWords(now)}` };
  },
};

export const handler = serveAction(albWeights, verbs);
