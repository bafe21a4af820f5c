import type { DeleteEventBusCommandInput, DeleteEventBusCommandOutput } from "@aws-sdk/client-eventbridge";
import { operation, ServiceException } from "../../service.ts";
import { busArn, busName, DEFAULT_BUS, eventsState } from "./state.ts";

/** Deletes a bus with its rules; the default one stays, and one that does not exist is no error. */
export const DeleteEventBus = operation<
  DeleteEventBusCommandInput,
  Omit<DeleteEventBusCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "events:DeleteEventBus", resources: [busArn(world, input.Name)] },
  ],
  run: (input, { world }) => {
    const bus = eventsState(world).buses.get(busName(input.Name));
    if (!bus) return {};
    if (bus.name === DEFAULT_BUS)
      throw new ServiceException("ValidationException", "Cannot delete event bus default.");
    for (const rule of bus.rules.values()) rule.cancel();
    eventsState(world).buses.delete(bus.name);
    return {};
  },
});
