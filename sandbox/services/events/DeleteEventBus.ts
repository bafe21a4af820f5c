import type { DeleteEventBusCommandInput, DeleteEventBusCommandOutput } from "@aws-sdk/client-eventbridge";
import { operation, ServiceException } from "../../service.ts";
import { DEFAULT_BUS, eventsState } from "./state.ts";

/** Deletes a bus; the default one stays. */
export const DeleteEventBus = operation<
  DeleteEventBusCommandInput,
  Omit<DeleteEventBusCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "events:DeleteEventBus", resources: [world.arn("events", `event-bus/${input.Name}`)] },
  ],
  run: (input, { world }) => {
    if (input.Name === DEFAULT_BUS)
      throw new ServiceException("ValidationException", "Cannot delete event bus default.");
    eventsState(world).buses.delete(input.Name!);
    return {};
  },
});
