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
    const { type, location, buildspec } = input.source ?? {};
    if (!buildspec || (type !== "NO_SOURCE" && !(type === "S3" && location?.endsWith("/"))))
      throw notImplemented(
        "codebuild",
        "projects with a source other than a folder in S3 (bucket/folder/), and without an inline buildspec",
      );
    readBuildspec(buildspec);
    const project = {
      name,
      arn: projectArn(world, name),
      buildspec,
      ...(type === "S3" ? { location: location! } : {}),
      serviceRole: input.serviceRole ?? "",
      environment: input.environment?.environmentVariables ?? [],
      timeoutMinutes: input.timeoutInMinutes ?? 60,
      createdAt: world.clock.now(),
    };
    projects.set(name, project);
    return { project: projectAnswer(project) };
  },
});
