import type { DeleteStateMachineCommandInput, DeleteStateMachineCommandOutput } from "@aws-sdk/client-sfn";
import { operation } from "../../service.ts";
import { statesState } from "./state.ts";

/** Deletes a machine; one that does not exist is no error. */
export const DeleteStateMachine = operation<
  DeleteStateMachineCommandInput,
  Omit<DeleteStateMachineCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "states:DeleteStateMachine", resources: [input.stateMachineArn ?? "*"] }],
  run: (input, { world }) => {
    statesState(world).machines.delete(input.stateMachineArn!);
    return {};
  },
});
