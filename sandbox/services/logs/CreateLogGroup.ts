import type { CreateLogGroupCommandInput } from "@aws-sdk/client-cloudwatch-logs";
import { operation, ServiceException } from "../../service.ts";
import { addGroup, onGroup } from "./state.ts";

/** Makes a log group that keeps its events for ever. */
export const CreateLogGroup = operation<CreateLogGroupCommandInput, object>({
  authorize: (input, call) => onGroup("CreateLogGroup", call, input.logGroupName),
  run: (input, { world }) => {
    const name = input.logGroupName ?? "";
    if (!/^[\w./#-]{1,512}$/.test(name))
      throw new ServiceException(
        "InvalidParameterException",
        `1 validation error detected: Value '${name}' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+`,
      );
    const group = addGroup(world, name);
    group.kmsKeyId = input.kmsKeyId;
    group.deletionProtection = input.deletionProtectionEnabled ?? false;
    for (const [key, value] of Object.entries(input.tags ?? {})) group.tags.set(key, value);
    return {};
  },
});
