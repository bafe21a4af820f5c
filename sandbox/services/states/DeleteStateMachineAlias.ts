import type {
  DeleteStateMachineAliasCommandInput,
  DeleteStateMachineAliasCommandOutput,
} from "@aws-sdk/client-sfn";
import { operation } from "../../service.ts";
import { aliasNamed } from "./machine.ts";

/** Removes an alias. */
export const DeleteStateMachineAlias = operation<
  DeleteStateMachineAliasCommandInput,
  Omit<DeleteStateMachineAliasCommandOutput, "$metadata">
>({
  authorize: (input) => [
    { action: "states:DeleteStateMachineAlias", resources: [input.stateMachineAliasArn ?? "*"] },
  ],
  run: (input, { world }) => {
    const { machine, name } = aliasNamed(world, input.stateMachineAliasArn);
    machine.aliases.delete(name);
    return {};
  },
});
