import type { ListBuildsForProjectCommandInput, ListBuildsForProjectOutput } from "@aws-sdk/client-codebuild";
import { operation } from "../../service.ts";
import { codebuildState, projectArn, projectNamed } from "./state.ts";

const PAGE = 100;

/** Ids of a project's builds, the newest first unless asked otherwise. */
export const ListBuildsForProject = operation<ListBuildsForProjectCommandInput, ListBuildsForProjectOutput>({
  authorize: (input, { world }) => [
    { action: "codebuild:ListBuildsForProject", resources: [projectArn(world, input.projectName)] },
  ],
  run: (input, { world }) => {
    const project = projectNamed(world, input.projectName);
    const ids = codebuildState(world)
      .builds.filter((each) => each.project === project)
      .map(({ id }) => id);
    if (input.sortOrder !== "ASCENDING") ids.reverse();
    const from = Number(input.nextToken ?? 0);
    return {
      ids: ids.slice(from, from + PAGE),
      ...(ids.length > from + PAGE ? { nextToken: String(from + PAGE) } : {}),
    };
  },
});
