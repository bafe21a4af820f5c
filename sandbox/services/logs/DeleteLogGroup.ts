import type { DeleteLogGroupCommandInput } from "@aws-sdk/client-cloudwatch-logs";
import { operation, ServiceException } from "../../service.ts";
import { groupOf, logsState, onGroup } from "./state.ts";

/** Deletes a group with all its events, unless it is protected. */
export const DeleteLogGroup = operation<DeleteLogGroupCommandInput, object>({
  authorize: (input, call) => onGroup("DeleteLogGroup", call, input.logGroupName),
  run: (input, { world }) => {
    const group = groupOf(world, input.logGroupName);
    if (group.deletionProtection)
      throw new ServiceException(
        "ValidationException",
        "The log group is protected against deletion. Disable deletion protection first.",
      );
    logsState(world).groups.delete(group.name);
    return {};
  },
});
