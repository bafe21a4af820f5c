import type {
  DeregisterTaskDefinitionCommandInput,
  DeregisterTaskDefinitionResponse,
} from "@aws-sdk/client-ecs";
import { operation } from "../../service.ts";
import { taskDefinitionAnswer } from "./describe.ts";
import { taskDefinitionAt } from "./state.ts";

/** Makes a revision INACTIVE: what runs goes on, nothing new is started from it. */
export const DeregisterTaskDefinition = operation<
  DeregisterTaskDefinitionCommandInput,
  DeregisterTaskDefinitionResponse
>({
  authorize: () => [{ action: "ecs:DeregisterTaskDefinition", resources: ["*"] }],
  run: (input, { world }) => {
    const found = taskDefinitionAt(world, input.taskDefinition);
    found.status = "INACTIVE";
    return { taskDefinition: taskDefinitionAnswer(found) };
  },
});
