import type { DeleteRetentionPolicyCommandInput } from "@aws-sdk/client-cloudwatch-logs";
import { operation } from "../../service.ts";
import { groupOf, onGroup } from "./state.ts";

/** Lets a group keep its events for ever. */
export const DeleteRetentionPolicy = operation<DeleteRetentionPolicyCommandInput, object>({
  authorize: (input, call) => onGroup("DeleteRetentionPolicy", call, input.logGroupName),
  run: (input, { world }) => {
    groupOf(world, input.logGroupName).retentionDays = undefined;
    return {};
  },
});
