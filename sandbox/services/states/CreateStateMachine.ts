import { randomUUID } from "node:crypto";
import type { CreateStateMachineCommandInput, CreateStateMachineCommandOutput } from "@aws-sdk/client-sfn";
import { operation, ServiceException } from "../../service.ts";
import { passRole, publishVersion, readDefinition, validName } from "./machine.ts";
import { machineArn, type StateMachine, statesState } from "./state.ts";

/** Makes a state machine. The same request twice gives the same machine. */
export const CreateStateMachine = operation<
  CreateStateMachineCommandInput,
  Omit<CreateStateMachineCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "states:CreateStateMachine", resources: [machineArn(world, input.name ?? "*")] },
    ...passRole(input.roleArn),
  ],
  run: (input, { world }) => {
    const state = statesState(world);
    const name = validName(input.name);
    const arn = machineArn(world, name);
    const { machine, definition } = readDefinition(input.definition);
    const existing = state.machines.get(arn);
    if (existing) {
      const same =
        existing.definition === definition &&
        existing.roleArn === input.roleArn &&
        existing.type === (input.type ?? "STANDARD");
      if (!same)
        throw new ServiceException("StateMachineAlreadyExists", `State Machine Already Exists: '${arn}'`);
      return { stateMachineArn: arn, creationDate: new Date(existing.createdAt) };
    }
    const now = world.clock.now();
    const made: StateMachine = {
      name,
      arn,
      type: input.type ?? "STANDARD",
      definition,
      machine,
      roleArn: input.roleArn!,
      revisionId: randomUUID(),
      createdAt: now,
      updatedAt: now,
      logging: input.loggingConfiguration as StateMachine["logging"],
      tracing: input.tracingConfiguration,
      versions: new Map(),
      nextVersion: 1,
      aliases: new Map(),
      tags: new Map((input.tags ?? []).map(({ key = "", value = "" }) => [key, value])),
    };
    state.machines.set(arn, made);
    return {
      stateMachineArn: arn,
      creationDate: new Date(now),
      ...(input.publish
        ? { stateMachineVersionArn: publishVersion(world, made, input.versionDescription) }
        : {}),
    };
  },
});
