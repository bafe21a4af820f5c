import type {
  CreateStateMachineAliasCommandInput,
  CreateStateMachineAliasCommandOutput,
} from "@aws-sdk/client-sfn";
import { operation, ServiceException } from "../../service.ts";
import { routingOf } from "./machine.ts";
import { machineNamed } from "./state.ts";

/** A name that routes to one or two versions. */
export const CreateStateMachineAlias = operation<
  CreateStateMachineAliasCommandInput,
  Omit<CreateStateMachineAliasCommandOutput, "$metadata">
>({
  authorize: (input) => [
    {
      action: "states:CreateStateMachineAlias",
      resources: [input.routingConfiguration?.[0]?.stateMachineVersionArn?.replace(/:\d+$/, "") ?? "*"],
    },
  ],
  run: (input, { world }) => {
    const routing = routingOf(input.routingConfiguration);
    const machine = machineNamed(world, routing[0]?.stateMachineVersionArn);
    const name = input.name!;
    const stateMachineAliasArn = `${machine.arn}:${name}`;
    const now = world.clock.now();
    if (machine.aliases.has(name))
      throw new ServiceException(
        "ConflictException",
        `Failed to create alias because an alias with the same name and a different routing configuration already exists.`,
      );
    machine.aliases.set(name, { routing, description: input.description, createdAt: now });
    return { stateMachineAliasArn, creationDate: new Date(now) };
  },
});
