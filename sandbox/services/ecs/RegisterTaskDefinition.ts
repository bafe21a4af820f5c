import type { RegisterTaskDefinitionCommandInput, RegisterTaskDefinitionResponse } from "@aws-sdk/client-ecs";
import { operation, ServiceException } from "../../service.ts";
import { notImplemented } from "../../world.ts";
import { taskDefinitionAnswer } from "./describe.ts";
import { ecsArn, ecsState, type TaskDefinition } from "./state.ts";

/** Adds a revision to a family. Revisions count up and are never used again. */
export const RegisterTaskDefinition = operation<
  RegisterTaskDefinitionCommandInput,
  RegisterTaskDefinitionResponse
>({
  authorize: (input, { world }) => {
    const family = ecsArn(world, `task-definition/${input.family}:*`);
    return [
      { action: "ecs:RegisterTaskDefinition", resources: [family] },
      ...(input.tags?.length ? [{ action: "ecs:TagResource", resources: [family] }] : []),
      ...[input.taskRoleArn, input.executionRoleArn].flatMap((role) =>
        role
          ? {
              action: "iam:PassRole",
              resources: [role],
              context: { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
            }
          : [],
      ),
    ];
  },
  run: (input, { world }) => {
    const { tags = [], ...settings } = input;
    const [container, ...more] = settings.containerDefinitions ?? [];
    if (!container) throw new ServiceException("ClientException", "Container list cannot be empty.");
    if (more.length > 0) throw notImplemented("ecs", "task definitions with several containers");
    const family = input.family ?? "";
    const all = ecsState(world).families.get(family) ?? [];
    const revision = all.length + 1;
    const made: TaskDefinition = {
      arn: ecsArn(world, `task-definition/${family}:${revision}`),
      family,
      revision,
      status: "ACTIVE",
      settings,
      container,
      tags,
      registeredAt: world.clock.now(),
    };
    ecsState(world).families.set(family, [...all, made]);
    return { taskDefinition: taskDefinitionAnswer(made), tags };
  },
});
