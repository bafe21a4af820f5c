import type { Action, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ServiceException } from "../../service.ts";
import { notImplemented, type World } from "../../world.ts";
import { forwardsOf, targetGroupAt } from "./state.ts";

const LARGEST_WEIGHT = 999;

/** Actions as Elastic Load Balancing keeps them: one forward, always with its config. Anything else is refused. */
export function checkedActions(world: World, given: Action[] | undefined): Action[] {
  const [action, ...more] = given ?? [];
  if (!action || more.length > 0 || action.Type !== "forward")
    throw notImplemented("elasticloadbalancing", "actions other than one forward");
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
  return [
    {
      Type: "forward",
      ...(forwards.length === 1 ? { TargetGroupArn: forwards[0]!.TargetGroupArn } : {}),
      ...(action.Order === undefined ? {} : { Order: action.Order }),
      ForwardConfig: {
        TargetGroups: forwards,
        TargetGroupStickinessConfig: action.ForwardConfig?.TargetGroupStickinessConfig ?? { Enabled: false },
      },
    },
  ];
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
