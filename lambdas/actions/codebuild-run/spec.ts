import * as z from "zod";
import { allow, defineAction } from "../../runtime/spec.ts";

const Project = z.string().regex(/^[A-Za-z0-9][\w-]{1,149}$/, "a CodeBuild project's name");
const Environment = z.record(
  z.string().regex(/^[A-Za-z_]\w{0,99}$/, "a variable's name"),
  z.string().max(2000),
);

/** R12, R13: what has no API of its own to go back by (Helm, Terraform) is run where it always ran. */
export const codebuildRun = defineAction({
  kind: "codebuild-run",
  summary: "Run a CodeBuild project with the given environment, and wait until it has succeeded",
  input: z.strictObject({
    project: Project.describe(
      "name of the project; its buildspec is the plan owner's. Waiting in CodeBuild's queue counts; a build is not stopped when the step's time is over",
    ),
    environment: Environment.default({}).describe(
      "plain variables for the build; secrets belong to the project",
    ),
    revert: z
      .strictObject({
        project: Project.describe("name of the project that undoes it"),
        environment: Environment.default({}).describe("plain variables for that build"),
      })
      .optional()
      .describe(
        "how the build is undone; without it the step cannot be, and the plan must ask somebody first",
      ),
  }),
  before: z.strictObject({
    project: z.string().describe("ARN of the project"),
    revert: z.string().nullable().describe("ARN of the project that undoes it"),
  }),
  outputs: z.strictObject({ build: z.string().describe("id of the build") }),
  effect: "overwrites",
  // Helm keeps its releases and Terraform's bucket its states: what such a build leaves behind is kept there.
  keepsBefore: true,
  revertible: ({ revert }) => revert !== undefined,
  timing: { timeoutSeconds: 1800, pollSeconds: 10, phases: 2 },
  permissions: ({ project, revert }, arn) => {
    const projects = [project, ...(revert ? [revert.project] : [])];
    const named = [...new Set(projects)].map((name) => arn.of("codebuild", `project/${name}`));
    const look = allow(["codebuild:BatchGetBuilds", "codebuild:ListBuildsForProject"], named);
    return {
      read: [look, allow("codebuild:BatchGetProjects", named)],
      write: [look, allow("codebuild:StartBuild", named)],
    };
  },
  touches: ({ project }) => [{ type: "codebuild-project", id: project }],
  clients: ["@aws-sdk/client-codebuild", "@aws-sdk/client-dynamodb"],
  runbooks: ["R12", "R13", "A5"],
  docs: [
    "https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StartBuild.html",
    "https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html",
  ],
});
