import type { DescribeActivityCommandInput, DescribeActivityCommandOutput } from "@aws-sdk/client-sfn";
import { operation, ServiceException } from "../../service.ts";
import { statesState } from "./state.ts";

/** One activity. */
export const DescribeActivity = operation<
  DescribeActivityCommandInput,
  Omit<DescribeActivityCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "states:DescribeActivity", resources: [input.activityArn ?? "*"] }],
  run: (input, { world }) => {
    const activity = statesState(world).activities.get(input.activityArn!);
    if (!activity)
      throw new ServiceException("ActivityDoesNotExist", `Activity Does Not Exist: '${input.activityArn}'`);
    return { activityArn: activity.arn, name: activity.name, creationDate: new Date(activity.createdAt) };
  },
});
