import {
  BatchGetBuildsCommand,
  BatchGetProjectsCommand,
  CodeBuildClient,
  CreateProjectCommand,
  ListBuildsForProjectCommand,
  StartBuildCommand,
} from "@aws-sdk/client-codebuild";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codebuild } from "../../../../sandbox/services/codebuild/index.ts";
import { logGroupOf } from "../../../../sandbox/services/codebuild/run.ts";
import { logs } from "../../../../sandbox/services/logs/index.ts";
import { logsState } from "../../../../sandbox/services/logs/state.ts";
import { s3 } from "../../../../sandbox/services/s3/index.ts";
import { until } from "../../../../scenarios/until.ts";
import { openWorld, type TestWorld } from "../../front/harness.ts";

const BUILDSPEC = `
version: 0.2
env: { variables: { GREETING: hello } }
phases:
  pre_build: { commands: ['echo "$GREETING $TARGET" > said'] }
  build: { commands: ['cat said', 'test "$TARGET" != nobody', 'echo done'] }
  post_build: { commands: ['echo after'] }
`;

describe("CodeBuild", () => {
  let test: TestWorld;
  let client: CodeBuildClient;
  const start = async (value: string, idempotencyToken?: string) =>
    (
      await client.send(
        new StartBuildCommand({
          projectName: "greet",
          environmentVariablesOverride: [{ name: "TARGET", value }],
          idempotencyToken,
        }),
      )
    ).build!.id!;
  const ended = async (id: string) => {
    const read = async () => (await client.send(new BatchGetBuildsCommand({ ids: [id] }))).builds![0]!;
    await until("the build to end", async () => (await read()).buildComplete === true);
    return read();
  };
  const said = (id: string) =>
    logsState(test.world)
      .groups.get(logGroupOf("greet"))!
      .streams.get(id.split(":")[1]!)!
      .events.map(({ message }) => message)
      .filter((line) => !line.startsWith("[Container]"));

  beforeAll(async () => {
    test = await openWorld([logs, s3, codebuild]);
    client = new CodeBuildClient(test.admin);
    await client.send(
      new CreateProjectCommand({
        name: "greet",
        source: { type: "NO_SOURCE", buildspec: BUILDSPEC },
        artifacts: { type: "NO_ARTIFACTS" },
        environment: {
          type: "LINUX_CONTAINER",
          image: "aws/codebuild/standard:7.0",
          computeType: "BUILD_GENERAL1_SMALL",
        },
        serviceRole: "arn:aws:iam::123456789012:role/greet",
      }),
    );
  });
  afterAll(() => test?.close());

  it("really runs the commands, with the call's variables, and keeps what they print", async () => {
    const id = await start("world");

    expect(await ended(id)).toMatchObject({ buildStatus: "SUCCEEDED", currentPhase: "COMPLETED" });
    expect(said(id)).toEqual(["hello world", "done", "after"]);
  });

  it("fails with the command that failed, and runs post_build all the same", async () => {
    const id = await start("nobody");
    const { buildStatus, phases = [] } = await ended(id);

    expect(buildStatus).toBe("FAILED");
    expect(phases.find(({ phaseType }) => phaseType === "BUILD")!.contexts![0]!.message).toContain(
      'test "$TARGET"',
    );
    expect(said(id)).toEqual(["hello nobody", "after"]);
  });

  it("answers a second call under the same token with the first build, and refuses other parameters", async () => {
    const first = await start("twice", "token-1");
    const second = await start("twice", "token-1");
    const { ids } = await client.send(new ListBuildsForProjectCommand({ projectName: "greet" }));

    expect(second).toBe(first);
    expect(ids!.filter((id) => id === first)).toHaveLength(1);
    expect(ids![0]).toBe(first);
    await expect(start("other", "token-1")).rejects.toMatchObject({ name: "InvalidInputException" });
    await ended(first);
  });

  it("begins a build with the folder in S3 that is its source, and ends it where that cannot be had", async () => {
    const store = new S3Client({ ...test.admin, forcePathStyle: true });
    await store.send(new CreateBucketCommand({ Bucket: "code" }));
    for (const [Key, Body] of [
      ["shop/main.txt", "from the folder"],
      ["shop/deep/er.txt", "and below"],
      ["other/main.txt", "not this"],
    ] as const)
      await store.send(new PutObjectCommand({ Bucket: "code", Key, Body }));
    const { roleArn } = await test.as("source", [
      { Effect: "Allow", Action: ["s3:ListBucket", "s3:GetObject"], Resource: "*" },
    ]);
    const create = (name: string, location: string) =>
      client.send(
        new CreateProjectCommand({
          name,
          source: {
            type: "S3",
            location,
            buildspec: BUILDSPEC.replace("cat said", "cat main.txt deep/er.txt"),
          },
          artifacts: { type: "NO_ARTIFACTS" },
          environment: {
            type: "LINUX_CONTAINER",
            image: "aws/codebuild/standard:7.0",
            computeType: "BUILD_GENERAL1_SMALL",
          },
          serviceRole: roleArn,
        }),
      );
    await create("sourced", "code/shop/");
    await create("sourceless", "nowhere/shop/");
    const run = async (projectName: string) =>
      ended((await client.send(new StartBuildCommand({ projectName }))).build!.id!);

    expect(await run("sourced")).toMatchObject({ buildStatus: "SUCCEEDED" });
    const { buildStatus, phases = [] } = await run("sourceless");
    expect(buildStatus).toBe("FAILED");
    expect(phases.map(({ phaseType, phaseStatus }) => [phaseType, phaseStatus])).toEqual([
      ["DOWNLOAD_SOURCE", "FAILED"],
    ]);
    expect(phases[0]!.contexts![0]!.message).toContain("nowhere/shop/: The specified bucket does not exist");
  });

  it("says which projects and builds do not exist", async () => {
    const projects = await client.send(new BatchGetProjectsCommand({ names: ["greet", "nowhere"] }));
    const builds = await client.send(new BatchGetBuildsCommand({ ids: ["greet:none"] }));

    expect(projects).toMatchObject({ projects: [{ name: "greet" }], projectsNotFound: ["nowhere"] });
    expect(builds.buildsNotFound).toEqual(["greet:none"]);
    await expect(client.send(new StartBuildCommand({ projectName: "nowhere" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });
});
