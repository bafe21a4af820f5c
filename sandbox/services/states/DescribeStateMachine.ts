import type {
  DescribeStateMachineCommandInput,
  DescribeStateMachineCommandOutput,
} from "@aws-sdk/client-sfn";
import { operation } from "../../service.ts";
import { revisionOf } from "./machine.ts";
import { machineNamed } from "./state.ts";

/** One machine, or one version of it. */
export const DescribeStateMachine = operation<
  DescribeStateMachineCommandInput,
  Omit<DescribeStateMachineCommandOutput, "$metadata">
>({
  authorize: (input) => [
    { action: "states:DescribeStateMachine", resources: [input.stateMachineArn ?? "*"] },
  ],
  run: (input, { world }) => {
    const machine = machineNamed(world, input.stateMachineArn);
    const { revision, version } = revisionOf(world, input.stateMachineArn!);
    return {
      stateMachineArn: input.stateMachineArn,
      name: machine.name,
      status: "ACTIVE",
      definition: revision.definition,
      roleArn: revision.roleArn,
      type: machine.type,
      creationDate: new Date(machine.createdAt),
      loggingConfiguration: (machine.logging ?? {
        level: "OFF",
        includeExecutionData: false,
      }) as DescribeStateMachineCommandOutput["loggingConfiguration"],
      tracingConfiguration: { enabled: machine.tracing?.enabled ?? false },
      ...(version === undefined
        ? { revisionId: machine.revisionId }
        : { description: machine.versions.get(version)?.description }),
    };
  },
});
