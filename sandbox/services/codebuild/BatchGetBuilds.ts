import type { BatchGetBuildsCommandInput, BatchGetBuildsOutput } from "@aws-sdk/client-codebuild";
import { operation } from "../../service.ts";
import { buildAnswer } from "./describe.ts";
import { codebuildState, projectOfBuild } from "./state.ts";

/** Builds by id or ARN; those that do not exist are named in the answer. */
export const BatchGetBuilds = operation<BatchGetBuildsCommandInput, BatchGetBuildsOutput>({
  authorize: (input, { world }) => [
    {
      action: "codebuild:BatchGetBuilds",
      resources: (input.ids ?? []).map((id) => projectOfBuild(world, id)),
    },
  ],
  run: (input, { world }) => {
    const { builds } = codebuildState(world);
    const asked = (input.ids ?? []).map((id) => ({
      id,
      build: builds.find((each) => each.id === id || each.arn === id),
    }));
    return {
      builds: asked.flatMap(({ build }) => (build ? buildAnswer(build) : [])),
      buildsNotFound: asked.flatMap(({ id, build }) => (build ? [] : id)),
    };
  },
});
