import type { Build as BuildAnswer, Project as ProjectAnswer } from "@aws-sdk/client-codebuild";
import { logGroupOf } from "./run.ts";
import type { Build, Project } from "./state.ts";

export const projectAnswer = (project: Project): ProjectAnswer => ({
  name: project.name,
  arn: project.arn,
  source: {
    ...(project.location ? { type: "S3", location: project.location } : { type: "NO_SOURCE" }),
    buildspec: project.buildspec,
  },
  serviceRole: project.serviceRole,
  timeoutInMinutes: project.timeoutMinutes,
  created: new Date(project.createdAt),
});

export const buildAnswer = (build: Build): BuildAnswer => ({
  id: build.id,
  arn: build.arn,
  buildNumber: build.number,
  projectName: build.project.name,
  buildStatus: build.status,
  buildComplete: build.status !== "IN_PROGRESS",
  currentPhase: build.phase,
  phases: build.phases,
  startTime: new Date(build.startedAt),
  ...(build.endedAt === undefined ? {} : { endTime: new Date(build.endedAt) }),
  environment: {
    type: "LINUX_CONTAINER",
    image: "aws/codebuild/standard:7.0",
    computeType: "BUILD_GENERAL1_SMALL",
    environmentVariables: build.environment,
  },
  logs: { groupName: logGroupOf(build.project.name), streamName: build.id.split(":")[1] },
});
