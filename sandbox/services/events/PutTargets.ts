import type { PutTargetsCommandInput, PutTargetsCommandOutput } from "@aws-sdk/client-eventbridge";
import { operation, ServiceException } from "../../service.ts";
import { checkTarget, MOST_TARGETS } from "./check-target.ts";
import { ruleArn, ruleNamed } from "./state.ts";

/** Adds or replaces targets by id. */
export const PutTargets = operation<PutTargetsCommandInput, Omit<PutTargetsCommandOutput, "$metadata">>({
  authorize: (input, { world }) => [
    { action: "events:PutTargets", resources: [ruleArn(world, input.EventBusName, input.Rule)] },
  ],
  run: (input, { world }) => {
    const { targets } = ruleNamed(world, input.EventBusName, input.Rule);
    const given = input.Targets ?? [];
    for (const [index, target] of given.entries()) checkTarget(target, index + 1);
    const ids = new Set([...targets.keys(), ...given.map(({ Id }) => Id!)]);
    if (ids.size > MOST_TARGETS)
      throw new ServiceException(
        "LimitExceededException",
        "The requested resource exceeds the maximum number allowed.",
      );
    for (const target of given) targets.set(target.Id!, target);
    return { FailedEntryCount: 0, FailedEntries: [] };
  },
});
