import type { DeleteActivityCommandInput, DeleteActivityCommandOutput } from "@aws-sdk/client-sfn";
import { operation } from "../../service.ts";
import { statesState } from "./state.ts";

/** Deletes an activity. */
export const DeleteActivity = operation<
  DeleteActivityCommandInput,
  Omit<DeleteActivityCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "states:DeleteActivity", resources: [input.activityArn ?? "*"] }],
  run: (input, { world }) => {
    statesState(world).activities.delete(input.activityArn!);
    return {};
  },
});
