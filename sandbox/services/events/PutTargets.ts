import type { PutTargetsCommandInput, PutTargetsCommandOutput } from "@aws-sdk/client-eventbridge";
import { operation } from "../../service.ts";
import { ruleArn, ruleNamed } from "./state.ts";

/** Adds or replaces targets by id. */
export const PutTargets = operation<PutTargetsCommandInput, Omit<PutTargetsCommandOutput, "$metadata">>({
  authorize: (input, { world }) => [
    { action: "events:PutTargets", resources: [ruleArn(world, input.EventBusName, input.Rule)] },
  ],
  run: (input, { world }) => {
    const { targets } = ruleNamed(world, input.EventBusName, input.Rule);
    for (const target of input.Targets ?? []) targets.set(target.Id!, target);
    return { FailedEntryCount: 0, FailedEntries: [] };
  },
});
