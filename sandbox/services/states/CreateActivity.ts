import type { CreateActivityCommandInput, CreateActivityCommandOutput } from "@aws-sdk/client-sfn";
import { operation } from "../../service.ts";
import { validName } from "./machine.ts";
import { statesState } from "./state.ts";

/** Makes an activity; the same name gives the same one. */
export const CreateActivity = operation<
  CreateActivityCommandInput,
  Omit<CreateActivityCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "states:CreateActivity", resources: [world.arn("states", `activity:${input.name}`)] },
  ],
  run: (input, { world }) => {
    const { activities } = statesState(world);
    const name = validName(input.name);
    const arn = world.arn("states", `activity:${name}`);
    let activity = activities.get(arn);
    if (!activity) {
      activity = { name, arn, createdAt: world.clock.now(), queue: [], workers: [] };
      activities.set(arn, activity);
    }
    return { activityArn: arn, creationDate: new Date(activity.createdAt) };
  },
});
