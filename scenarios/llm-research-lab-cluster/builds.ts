import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import {
  BatchGetBuildsCommand,
  CodeBuildClient,
  CreateProjectCommand,
  StartBuildCommand,
} from "@aws-sdk/client-codebuild";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { until } from "../until.ts";

const trust = (Service: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" }],
  });

/** A statement of a role's policy. */
export const allow = (Action: string[], Resource: string | string[]): object => ({
  Effect: "Allow",
  Action,
  Resource,
});

/** Makes a bucket and puts a folder of this scenario into it, as what a pipeline has checked out. */
export async function uploadCode(sandbox: Sandbox, Bucket: string, folder: string): Promise<void> {
  const s3 = new S3Client({ ...sandbox.clientConfig(), forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket }));
  const root = fileURLToPath(new URL(folder, import.meta.url));
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const Key = `${folder}/${relative(root, path)}`;
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: readFileSync(path) }));
  }
}

/** The role that builds work as; returns its ARN. */
export async function buildRole(sandbox: Sandbox, RoleName: string, statements: object[]): Promise<string> {
  const iam = new IAMClient(sandbox.clientConfig());
  const AssumeRolePolicyDocument = trust("codebuild.amazonaws.com");
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: statements });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "build", PolicyDocument }));
  return Role!.Arn!;
}

/** A project whose builds run commands one after the other, in a folder with what lies in S3 at `location`. */
export async function createProject(
  sandbox: Sandbox,
  given: {
    name: string;
    serviceRole: string;
    commands: string[];
    location: string;
    environment: Record<string, string>;
  },
): Promise<void> {
  const { name, serviceRole, commands, location, environment } = given;
  // JSON is YAML, and has one way of quoting.
  const buildspec = JSON.stringify({ version: 0.2, phases: { build: { commands } } });
  await new CodeBuildClient(sandbox.clientConfig()).send(
    new CreateProjectCommand({
      name,
      serviceRole,
      source: { type: "S3", location, buildspec },
      artifacts: { type: "NO_ARTIFACTS" },
      environment: {
        type: "LINUX_CONTAINER",
        image: "aws/codebuild/standard:7.0",
        computeType: "BUILD_GENERAL1_SMALL",
        environmentVariables: Object.entries(environment).map(([key, value]) => ({ name: key, value })),
      },
    }),
  );
}

/** What a pipeline does: a build, and its end. Throws when it fails. */
export async function runBuild(
  sandbox: Sandbox,
  projectName: string,
  environment: Record<string, string>,
): Promise<void> {
  const codebuild = new CodeBuildClient(sandbox.clientConfig());
  const { build } = await codebuild.send(
    new StartBuildCommand({
      projectName,
      environmentVariablesOverride: Object.entries(environment).map(([name, value]) => ({ name, value })),
    }),
  );
  const read = async () =>
    (await codebuild.send(new BatchGetBuildsCommand({ ids: [build!.id!] }))).builds![0]!;
  await until(`${projectName} to end`, async () => (await read()).buildComplete === true);
  const { buildStatus, phases = [] } = await read();
  if (buildStatus !== "SUCCEEDED")
    throw new Error(
      `${projectName} ended ${buildStatus}: ${phases.flatMap(({ contexts = [] }) => contexts.map(({ message }) => message)).join("; ")}`,
    );
}
