import type { BuildPhase, EnvironmentVariable, StatusType } from "@aws-sdk/client-codebuild";
import { ServiceException } from "../../service.ts";
import { stateOf, type World } from "../../world.ts";

export interface Project {
  name: string;
  arn: string;
  buildspec: string;
  /** `bucket/folder/` in S3 that a build begins with; without it, with an empty folder. */
  location?: string;
  serviceRole: string;
  environment: EnvironmentVariable[];
  timeoutMinutes: number;
  createdAt: number;
}

export interface Build {
  /** `<project>:<uuid>` */
  id: string;
  arn: string;
  number: number;
  project: Project;
  environment: EnvironmentVariable[];
  status: StatusType;
  phase: string;
  phases: BuildPhase[];
  startedAt: number;
  endedAt: number | undefined;
  /** What it was started with, for a second call under the same token. */
  token: string | undefined;
  request: string;
}

export const codebuildState = stateOf(() => ({
  projects: new Map<string, Project>(),
  /** Oldest first. */
  builds: [] as Build[],
}));

export const projectArn = (world: World, name: string | undefined) =>
  world.arn("codebuild", `project/${name?.split("/").at(-1)}`);

/** The ARN of the project that a build's id belongs to: actions on builds are allowed on projects. */
export const projectOfBuild = (world: World, id: string) =>
  projectArn(world, id.split("/").at(-1)!.split(":").at(0));

export function projectNamed(world: World, name: string | undefined): Project {
  const found = codebuildState(world).projects.get(name?.split("/").at(-1) ?? "");
  if (!found)
    throw new ServiceException(
      "ResourceNotFoundException",
      `Project cannot be found: ${projectArn(world, name)}`,
    );
  return found;
}
