import { randomUUID } from "node:crypto";
import type { StartBuildCommandInput, StartBuildOutput } from "@aws-sdk/client-codebuild";
import { operation, ServiceException } from "../../service.ts";
import { notImplemented } from "../../world.ts";
import { buildAnswer } from "./describe.ts";
import { runBuild } from "./run.ts";
import { type Build, codebuildState, projectArn, projectNamed } from "./state.ts";

/** A token names the same build for five minutes. https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StartBuild.html */
const TOKEN_VALID = 5 * 60_000;
const KNOWN = ["projectName", "idempotencyToken", "environmentVariablesOverride"];

/** Starts a build, or answers with the one that was started under the same token. */
export const StartBuild = operation<StartBuildCommandInput, StartBuildOutput>({
  authorize: (input, { world }) => [
    { action: "codebuild:StartBuild", resources: [projectArn(world, input.projectName)] },
  ],
  run: (input, { world }) => {
    const other = Object.keys(input).find((key) => !KNOWN.includes(key));
    if (other) throw notImplemented("codebuild", `StartBuild with ${other}`);
    const project = projectNamed(world, input.projectName);
    const state = codebuildState(world);
    const now = world.clock.now();
    const request = JSON.stringify([input.projectName, input.environmentVariablesOverride]);
    const same = state.builds.find(
      ({ token, startedAt }) =>
        token !== undefined && token === input.idempotencyToken && now - startedAt < TOKEN_VALID,
    );
    if (same && same.request !== request)
      throw new ServiceException(
        "InvalidInputException",
        "The idempotency token was used before with other parameters.",
      );
    if (same) return { build: buildAnswer(same) };
    const id = `${project.name}:${randomUUID()}`;
    const build: Build = {
      id,
      arn: world.arn("codebuild", `build/${id}`),
      number: state.builds.filter((each) => each.project === project).length + 1,
      project,
      environment: input.environmentVariablesOverride ?? [],
      status: "IN_PROGRESS",
      phase: "SUBMITTED",
      phases: [],
      startedAt: now,
      endedAt: undefined,
      token: input.idempotencyToken,
      request,
    };
    state.builds.push(build);
    runBuild(world, build).catch((error: Error) => {
      build.status = "FAULT";
      build.endedAt = world.clock.now();
      if (!world.stopping) world.log("codebuild", `${id} could not be run: ${error.message}`);
    });
    return { build: buildAnswer(build) };
  },
});
