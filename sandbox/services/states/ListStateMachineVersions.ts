import type {
  ListStateMachineVersionsCommandInput,
  ListStateMachineVersionsCommandOutput,
} from "@aws-sdk/client-sfn";
import { operation } from "../../service.ts";
import { machineNamed } from "./state.ts";

/** Published versions, newest first. */
export const ListStateMachineVersions = operation<
  ListStateMachineVersionsCommandInput,
  Omit<ListStateMachineVersionsCommandOutput, "$metadata">
>({
  authorize: (input) => [
    { action: "states:ListStateMachineVersions", resources: [input.stateMachineArn ?? "*"] },
  ],
  run: (input, { world }) => {
    const machine = machineNamed(world, input.stateMachineArn);
    return {
      stateMachineVersions: [...machine.versions].reverse().map(([number, { createdAt }]) => ({
        stateMachineVersionArn: `${machine.arn}:${number}`,
        creationDate: new Date(createdAt),
      })),
    };
  },
});
