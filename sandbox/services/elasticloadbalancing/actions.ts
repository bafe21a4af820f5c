import type { Action, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ServiceException } from "../../service.ts";
import { notImplemented, type World } from "../../world.ts";
import { checkedSignIn, invalidAction, isSignIn } from "./sign-in.ts";
import { forwardsOf, targetGroupAt } from "./state.ts";

const LARGEST_WEIGHT = 999;

/** What actions are checked against: the listener's protocol, and what the rule has now. */
interface Place {
  protocol: "HTTP" | "HTTPS";
  now?: Action[];
}

/** Actions as Elastic Load Balancing keeps them: sign-ins in their order, then one forward with its config. */
export function checkedActions(world: World, given: Action[] | undefined, place: Place): Action[] {
  const ordered = (given ?? []).toSorted((left, right) => (left.Order ?? 0) - (right.Order ?? 0));
  const other = ordered.find(({ Type }) => Type !== "forward" && !isSignIn(Type));
  if (other) throw notImplemented("elasticloadbalancing", `actions of type ${other.Type}`);
  if (ordered.length > 1 && new Set(ordered.map(({ Order }) => Order)).size < ordered.length)
    throw invalidAction("You must specify an order for each action, each of them once");
  const last = ordered.pop();
  if (last?.Type !== "forward" || ordered.some(({ Type }) => Type === "forward"))
    throw invalidAction("Exactly one action that routes requests is needed, and it must be the last");
  return [
    ...ordered.map((action) => checkedSignIn(action, { ...place, first: ordered[0] === action })),
    checkedForward(world, last),
  ];
}

function checkedForward(world: World, action: Action): Action {
  const forwards = forwardsOf([action]);
  for (const { TargetGroupArn, Weight } of forwards) {
    targetGroupAt(world, TargetGroupArn);
    if (!Number.isInteger(Weight) || Weight < 0 || Weight > LARGEST_WEIGHT)
      throw new ServiceException(
        "ValidationError",
        `Weight '${Weight}' must be between 0 and ${LARGEST_WEIGHT}`,
      );
  }
  if (new Set(forwards.map(({ TargetGroupArn }) => TargetGroupArn)).size < forwards.length)
    throw new ServiceException("InvalidConfigurationRequestException", "Target groups must be unique");
  return {
    Type: "forward",
    ...(forwards.length === 1 ? { TargetGroupArn: forwards[0]!.TargetGroupArn } : {}),
    ...(action.Order === undefined ? {} : { Order: action.Order }),
    ForwardConfig: {
      TargetGroups: forwards,
      TargetGroupStickinessConfig: action.ForwardConfig?.TargetGroupStickinessConfig ?? { Enabled: false },
    },
  };
}

/** Conditions of a rule; paths only. */
export function checkedConditions(given: RuleCondition[] | undefined): RuleCondition[] {
  for (const { Field } of given ?? [])
    if (Field !== "path-pattern") throw notImplemented("elasticloadbalancing", `conditions on ${Field}`);
  return given ?? [];
}

/** Whether a path is one of a rule's; `*` is any text and `?` one character. */
export function holds(conditions: RuleCondition[], path: string): boolean {
  return conditions.every(({ Values, PathPatternConfig }) =>
    (PathPatternConfig?.Values ?? Values ?? []).some((pattern) =>
      new RegExp(
        `^${pattern
          .replace(/[.+^${}()|[\]\\]/g, "\\$&")
          .replaceAll("*", ".*")
          .replaceAll("?", ".")}$`,
      ).test(path),
    ),
  );
}
