import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import { refusal } from "../../runtime/errors.ts";

interface Weighted {
  TargetGroupArn: string;
  Weight: number;
}

/** Weights of a rule's one forward. A forward without a config has one group. Pure. */
export function weightsOf(actions: Action[]): Weighted[] {
  const forward = actions.find(({ Type }) => Type === "forward");
  if (!forward) return [];
  const groups = forward.ForwardConfig?.TargetGroups ?? [];
  if (groups.length === 0 && forward.TargetGroupArn)
    return [{ TargetGroupArn: forward.TargetGroupArn, Weight: 1 }];
  return groups.map(({ TargetGroupArn = "", Weight = 1 }) => ({ TargetGroupArn, Weight }));
}

/** Shares in percent that add up to 100, largest remainder first, so that nothing is lost in rounding. Pure. */
function shares(weights: Weighted[], of: number): Weighted[] {
  const total = weights.reduce((sum, { Weight }) => sum + Weight, 0);
  const exact = weights.map(({ Weight }) => (total === 0 ? 0 : (of * Weight) / total));
  const whole = exact.map(Math.floor);
  let left = total === 0 ? 0 : of - whole.reduce((sum, each) => sum + each, 0);
  const order = exact
    .map((each, index) => ({ index, rest: each - whole[index]! }))
    .toSorted((a, b) => b.rest - a.rest);
  for (const { index } of order) if (left-- > 0) whole[index]! += 1;
  return weights.map(({ TargetGroupArn }, index) => ({ TargetGroupArn, Weight: whole[index]! }));
}

/** The actions with all but `percent` of the traffic moved to `to`. Refuses a group that the rule does not know. Pure. */
export function moved(actions: Action[], to: string, percent: number): Action[] {
  const weights = weightsOf(actions);
  if (!weights.some(({ TargetGroupArn }) => TargetGroupArn === to))
    throw refusal(
      `The rule does not forward to ${to}; it knows ${weights.map(({ TargetGroupArn }) => TargetGroupArn).join(", ") || "no target group"}. Nothing was changed. Add the group to the rule with weight 0, or correct the plan.`,
    );
  const others = shares(
    weights.filter(({ TargetGroupArn }) => TargetGroupArn !== to),
    100 - percent,
  );
  const rest = others.reduce((sum, { Weight }) => sum + Weight, 0);
  return actions.map((action) =>
    action.Type === "forward"
      ? {
          ...withoutGroup(action),
          ForwardConfig: {
            ...action.ForwardConfig,
            TargetGroups: weights.map(({ TargetGroupArn }) =>
              TargetGroupArn === to
                ? { TargetGroupArn, Weight: 100 - rest }
                : others.find((each) => each.TargetGroupArn === TargetGroupArn)!,
            ),
          },
        }
      : action,
  );
}

/** With several groups a forward names them in its config only. */
function withoutGroup({ TargetGroupArn: _, ...action }: Action): Action {
  return action;
}

/** The actions as they are, forwarding with the weights that others have. Pure. */
export function forwarding(now: Action[], others: Action[]): Action[] {
  const wanted = others.find(({ Type }) => Type === "forward");
  return now.map((action) => {
    if (action.Type !== "forward" || !wanted) return action;
    const { TargetGroupArn, ForwardConfig } = wanted;
    return {
      ...withoutGroup(action),
      // One group without a config, as a rule may have had it before.
      ...(ForwardConfig?.TargetGroups
        ? { ForwardConfig: { ...action.ForwardConfig, TargetGroups: ForwardConfig.TargetGroups } }
        : { TargetGroupArn }),
    };
  });
}

/** Cognito user pools with which actions sign users in. Pure. */
export const userPoolsOf = (actions: Action[]): string[] =>
  actions.flatMap(({ AuthenticateCognitoConfig: cognito }) => cognito?.UserPoolArn ?? []);

/** Whether two lists of actions forward alike, whatever the way in which that is written. Pure. */
export function sameForward(left: Action[], right: Action[]): boolean {
  const text = (actions: Action[]) =>
    JSON.stringify([
      weightsOf(actions).toSorted((a, b) => (a.TargetGroupArn < b.TargetGroupArn ? -1 : 1)),
      actions.map(({ Type }) => Type),
    ]);
  return text(left) === text(right);
}

/** `blue 100, green 0` */
export const inWords = (actions: Action[]): string =>
  weightsOf(actions)
    .map(({ TargetGroupArn, Weight }) => `${TargetGroupArn.split("/").at(-2)} ${Weight}`)
    .join(", ");
