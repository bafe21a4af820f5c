import type {
  ListStateMachineAliasesCommandInput,
  ListStateMachineAliasesCommandOutput,
} from "@aws-sdk/client-sfn";
import { operation } from "../../service.ts";
import { machineNamed } from "./state.ts";

/** Aliases of a machine. */
export const ListStateMachineAliases = operation<
  ListStateMachineAliasesCommandInput,
  Omit<ListStateMachineAliasesCommandOutput, "$metadata">
>({
  authorize: (input) => [
    { action: "states:ListStateMachineAliases", resources: [input.stateMachineArn ?? "*"] },
  ],
  run: (input, { world }) => {
    const machine = machineNamed(world, input.stateMachineArn);
    return {
      stateMachineAliases: [...machine.aliases].map(([name, { createdAt }]) => ({
        stateMachineAliasArn: `${machine.arn}:${name}`,
        creationDate: new Date(createdAt),
      })),
    };
  },
});
