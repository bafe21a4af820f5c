import type {
  DeleteStateMachineVersionCommandInput,
  DeleteStateMachineVersionCommandOutput,
} from "@aws-sdk/client-sfn";
import { operation, ServiceException } from "../../service.ts";
import { machineNamed } from "./state.ts";

/** Deletes a published version that no alias points to. */
export const DeleteStateMachineVersion = operation<
  DeleteStateMachineVersionCommandInput,
  Omit<DeleteStateMachineVersionCommandOutput, "$metadata">
>({
  authorize: (input) => [
    { action: "states:DeleteStateMachineVersion", resources: [input.stateMachineVersionArn ?? "*"] },
  ],
  run: (input, { world }) => {
    const arn = input.stateMachineVersionArn!;
    const machine = machineNamed(world, arn);
    for (const [name, alias] of machine.aliases)
      if (alias.routing.some((each) => each.stateMachineVersionArn === arn))
        throw new ServiceException(
          "ConflictException",
          `Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [${name}]`,
        );
    machine.versions.delete(Number(arn.split(":").at(-1)));
    return {};
  },
});
