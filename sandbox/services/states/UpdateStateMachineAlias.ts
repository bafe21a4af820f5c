import type {
  UpdateStateMachineAliasCommandInput,
  UpdateStateMachineAliasCommandOutput,
} from "@aws-sdk/client-sfn";
import { operation } from "../../service.ts";
import { aliasNamed, routingOf } from "./machine.ts";

/** Moves an alias. */
export const UpdateStateMachineAlias = operation<
  UpdateStateMachineAliasCommandInput,
  Omit<UpdateStateMachineAliasCommandOutput, "$metadata">
>({
  authorize: (input) => [
    { action: "states:UpdateStateMachineAlias", resources: [input.stateMachineAliasArn ?? "*"] },
  ],
  run: (input, { world }) => {
    const { alias } = aliasNamed(world, input.stateMachineAliasArn);
    if (input.routingConfiguration) alias.routing = routingOf(input.routingConfiguration);
    if (input.description !== undefined) alias.description = input.description;
    return { updateDate: new Date(world.clock.now()) };
  },
});
