import type { BatchGetProjectsCommandInput, BatchGetProjectsOutput } from "@aws-sdk/client-codebuild";
import { operation } from "../../service.ts";
import { projectAnswer } from "./describe.ts";
import { codebuildState, projectArn } from "./state.ts";

/** Projects by name; those that do not exist are named in the answer. */
export const BatchGetProjects = operation<BatchGetProjectsCommandInput, BatchGetProjectsOutput>({
  authorize: (input, { world }) => [
    {
      action: "codebuild:BatchGetProjects",
      resources: (input.names ?? []).map((name) => projectArn(world, name)),
    },
  ],
  run: ({ names = [] }, { world }) => {
    const { projects } = codebuildState(world);
    return {
      projects: (names ?? []).flatMap((name) => {
        const found = projects.get(name);
        return found ? projectAnswer(found) : [];
      }),
      projectsNotFound: (names ?? []).filter((name) => !projects.has(name)),
    };
  },
});
