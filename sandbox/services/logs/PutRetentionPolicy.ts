import type { PutRetentionPolicyCommandInput } from "@aws-sdk/client-cloudwatch-logs";
import { operation, ServiceException } from "../../service.ts";
import { groupOf, onGroup } from "./state.ts";

const ALLOWED = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** For how many days a group keeps its events. */
export const PutRetentionPolicy = operation<PutRetentionPolicyCommandInput, object>({
  authorize: (input, call) => onGroup("PutRetentionPolicy", call, input.logGroupName),
  run: (input, { world }) => {
    const group = groupOf(world, input.logGroupName);
    if (!ALLOWED.includes(input.retentionInDays ?? 0))
      throw new ServiceException(
        "InvalidParameterException",
        `${input.retentionInDays} is not one of the retention periods: ${ALLOWED.join(", ")} days`,
      );
    group.retentionDays = input.retentionInDays;
    return {};
  },
});
