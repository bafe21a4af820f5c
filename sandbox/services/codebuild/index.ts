import type { Service } from "../../service.ts";
import { BatchGetBuilds } from "./BatchGetBuilds.ts";
import { BatchGetProjects } from "./BatchGetProjects.ts";
import { CreateProject } from "./CreateProject.ts";
import { ListBuildsForProject } from "./ListBuildsForProject.ts";
import { StartBuild } from "./StartBuild.ts";

/** AWS CodeBuild: projects whose buildspec's commands are really run on this machine. */
export const codebuild: Service = {
  name: "codebuild",
  client: () => import("@aws-sdk/client-codebuild"),
  operations: { BatchGetBuilds, BatchGetProjects, CreateProject, ListBuildsForProject, StartBuild },
};
