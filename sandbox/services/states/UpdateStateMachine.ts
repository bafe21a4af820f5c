import { randomUUID } from "node:crypto";
import type { UpdateStateMachineCommandInput, UpdateStateMachineCommandOutput } from "@aws-sdk/client-sfn";
import { operation, ServiceException } from "../../service.ts";
import { passRole, publishVersion, readDefinition } from "./machine.ts";
import { machineNamed } from "./state.ts";

/** Changes a machine; executions under way keep the definition they were started with. */
export const UpdateStateMachine = operation<
  UpdateStateMachineCommandInput,
  Omit<UpdateStateMachineCommandOutput, "$metadata">
>({
  authorize: (input) => [
    { action: "states:UpdateStateMachine", resources: [input.stateMachineArn ?? "*"] },
    ...passRole(input.roleArn),
  ],
  run: (input, { world }) => {
    const found = machineNamed(world, input.stateMachineArn);
    if (
      input.definition === undefined &&
      input.roleArn === undefined &&
      !input.loggingConfiguration &&
      !input.tracingConfiguration
    )
      throw new ServiceException(
        "MissingRequiredParameter",
        "Either the definition, the role ARN, the LoggingConfiguration, the TracingConfiguration, or the EncryptionConfiguration must be specified",
      );
    if (input.definition !== undefined) Object.assign(found, readDefinition(input.definition));
    if (input.roleArn !== undefined) found.roleArn = input.roleArn;
    if (input.loggingConfiguration) found.logging = input.loggingConfiguration as typeof found.logging;
    if (input.tracingConfiguration) found.tracing = input.tracingConfiguration;
    found.revisionId = randomUUID();
    found.updatedAt = world.clock.now();
    return {
      updateDate: new Date(found.updatedAt),
      revisionId: found.revisionId,
      ...(input.publish
        ? { stateMachineVersionArn: publishVersion(world, found, input.versionDescription) }
        : {}),
    };
  },
});
