import type { CreateEventBusCommandInput, CreateEventBusCommandOutput } from "@aws-sdk/client-eventbridge";
import { operation, ServiceException } from "../../service.ts";
import { eventsState, newBus } from "./state.ts";

/** Makes a bus. */
export const CreateEventBus = operation<
  CreateEventBusCommandInput,
  Omit<CreateEventBusCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "events:CreateEventBus", resources: [world.arn("events", `event-bus/${input.Name}`)] },
  ],
  run: (input, { world }) => {
    const { buses } = eventsState(world);
    const name = input.Name!;
    if (buses.has(name))
      throw new ServiceException("ResourceAlreadyExistsException", `Event bus ${name} already exists.`);
    const bus = newBus(world, name);
    buses.set(name, bus);
    return { EventBusArn: bus.arn };
  },
});
