import type {
  PublishStateMachineVersionCommandInput,
  PublishStateMachineVersionCommandOutput,
} from "@aws-sdk/client-sfn";
import { operation, ServiceException } from "../../service.ts";
import { publishVersion } from "./machine.ts";
import { machineNamed } from "./state.ts";

/** Freezes the present definition under a number. */
export const PublishStateMachineVersion = operation<
  PublishStateMachineVersionCommandInput,
  Omit<PublishStateMachineVersionCommandOutput, "$metadata">
>({
  authorize: (input) => [
    { action: "states:PublishStateMachineVersion", resources: [input.stateMachineArn ?? "*"] },
  ],
  run: (input, { world }) => {
    const machine = machineNamed(world, input.stateMachineArn);
    if (input.revisionId && input.revisionId !== machine.revisionId)
      throw new ServiceException(
        "ConflictException",
        `Failed to publish the State Machine version for revision ${input.revisionId}. The current State Machine revision is ${machine.revisionId}.`,
      );
    return {
      stateMachineVersionArn: publishVersion(world, machine, input.description),
      creationDate: new Date(world.clock.now()),
    };
  },
});
