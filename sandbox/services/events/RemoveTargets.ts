import type { RemoveTargetsCommandInput, RemoveTargetsCommandOutput } from "@aws-sdk/client-eventbridge";
import { operation } from "../../service.ts";
import { ruleArn, ruleNamed } from "./state.ts";

/** Removes targets by id. */
export const RemoveTargets = operation<
  RemoveTargetsCommandInput,
  Omit<RemoveTargetsCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "events:RemoveTargets", resources: [ruleArn(world, input.EventBusName, input.Rule)] },
  ],
  run: (input, { world }) => {
    const { targets } = ruleNamed(world, input.EventBusName, input.Rule);
    const missing = (input.Ids ?? []).filter((id) => !targets.delete(id));
    return {
      FailedEntryCount: missing.length,
      FailedEntries: missing.map((TargetId) => ({
        TargetId,
        ErrorCode: "ResourceNotFoundException",
        ErrorMessage: `Rule ${input.Rule} does not have a target with the Id ${TargetId}.`,
      })),
    };
  },
});
