import type { DescribeTaskDefinitionCommandInput, DescribeTaskDefinitionResponse } from "@aws-sdk/client-ecs";
import { operation } from "../../service.ts";
import { taskDefinitionAnswer } from "./describe.ts";
import { taskDefinitionAt } from "./state.ts";

/** One task definition, with its tags where they are asked for. */
export const DescribeTaskDefinition = operation<
  DescribeTaskDefinitionCommandInput,
  DescribeTaskDefinitionResponse
>({
  authorize: () => [{ action: "ecs:DescribeTaskDefinition", resources: ["*"] }],
  run: (input, { world }) => {
    const found = taskDefinitionAt(world, input.taskDefinition);
    return {
      taskDefinition: taskDefinitionAnswer(found),
      ...(input.include?.includes("TAGS") ? { tags: found.tags } : {}),
    };
  },
});
