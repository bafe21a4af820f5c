import type { ListActivitiesCommandInput, ListActivitiesCommandOutput } from "@aws-sdk/client-sfn";
import { operation } from "../../service.ts";
import { statesState } from "./state.ts";

/** All activities. */
export const ListActivities = operation<
  ListActivitiesCommandInput,
  Omit<ListActivitiesCommandOutput, "$metadata">
>({
  authorize: () => [{ action: "states:ListActivities", resources: ["*"] }],
  run: (_, { world }) => ({
    activities: [...statesState(world).activities.values()].map(({ arn, name, createdAt }) => ({
      activityArn: arn,
      name,
      creationDate: new Date(createdAt),
    })),
  }),
});
