import type { CreateEventBusCommandInput, CreateEventBusCommandOutput } from "@aws-sdk/client-eventbridge";
import { operation, ServiceException } from "../../service.ts";
import { busArn, eventsState, newBus } from "./state.ts";
import { tagMap } from "./tagged.ts";

/** Makes a bus. */
export const CreateEventBus = operation<
  CreateEventBusCommandInput,
  Omit<CreateEventBusCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "events:CreateEventBus", resources: [busArn(world, input.Name)] },
  ],
  run: (input, { world }) => {
    const { buses } = eventsState(world);
    const name = input.Name ?? "";
    if (!/^[/.\-_A-Za-z0-9]{1,256}$/.test(name))
      throw new ServiceException(
        "ValidationException",
        `1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [/\\.\\-_A-Za-z0-9]+`,
      );
    if (buses.has(name))
      throw new ServiceException("ResourceAlreadyExistsException", `Event bus ${name} already exists.`);
    const bus = newBus(world, name, input.Description);
    bus.tags = tagMap(input.Tags);
    buses.set(name, bus);
    return { EventBusArn: bus.arn, Description: bus.description };
  },
});
