import type { CreateProjectCommandInput, CreateProjectOutput } from "@aws-sdk/client-codebuild";
import { operation, ServiceException } from "../../service.ts";
import { notImplemented } from "../../world.ts";
import { readBuildspec } from "./buildspec.ts";
import { projectAnswer } from "./describe.ts";
import { codebuildState, projectArn } from "./state.ts";

/** Makes a project with its buildspec inline. */
export const CreateProject = operation<CreateProjectCommandInput, CreateProjectOutput>({
  authorize: (input, { world }) => [
    { action: "codebuild:CreateProject", resources: [projectArn(world, input.name)] },
    {
      action: "iam:PassRole",
      resources: [input.serviceRole ?? "*"],
      context: { "iam:PassedToService": "codebuild.amazonaws.com" },
    },
  ],
  run: (input, { world }) => {
    const name = input.name ?? "";
    const { projects } = codebuildState(world);
    if (projects.has(name))
      throw new ServiceException(
        "ResourceAlreadyExistsException",
        `Project already exists: ${projectArn(world, name)}`,
      );
    if (input.source?.type !== "NO_SOURCE" || !input.source.buildspec)
      throw notImplemented("codebuild", "projects with a source; only NO_SOURCE with an inline buildspec");
    readBuildspec(input.source.buildspec);
    const project = {
      name,
      arn: projectArn(world, name),
      buildspec: input.source.buildspec,
      serviceRole: input.serviceRole ?? "",
      environment: input.environment?.environmentVariables ?? [],
      timeoutMinutes: input.timeoutInMinutes ?? 60,
      createdAt: world.clock.now(),
    };
    projects.set(name, project);
    return { project: projectAnswer(project) };
  },
});
