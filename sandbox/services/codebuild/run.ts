import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { OWN_SESSION, ownProcess } from "../../engines/processes.ts";
import { issueCredentials } from "../../front/credentials.ts";
import type { World } from "../../world.ts";
import { addGroup, append, logsState } from "../logs/state.ts";
import { type Phase, readBuildspec } from "./buildspec.ts";
import { downloadSource } from "./source.ts";
import type { Build } from "./state.ts";

/** Runs a build's commands in a folder of its own, phase after phase; what they print goes to the project's log. */
export async function runBuild(world: World, build: Build): Promise<void> {
  const folder = join(world.root, "codebuild", build.id.replace(":", "-"));
  mkdirSync(folder, { recursive: true });
  const { variables, phases } = readBuildspec(build.project.buildspec);
  const environment = { HOME: folder, ...environmentOf(world, build, variables) };
  const say = logOf(world, build);
  let failed = !(await downloaded(world, build, folder));
  for (const phase of phases) {
    // A build that failed before BUILD ends; POST_BUILD runs after a BUILD that failed, too.
    if (failed && phase.name !== "POST_BUILD") continue;
    if (failed && !build.phases.some(({ phaseType }) => phaseType === "BUILD")) continue;
    failed = !(await runPhase(world, build, phase, { folder, environment, say })) || failed;
  }
  if (build.status !== "IN_PROGRESS") return;
  build.phase = "COMPLETED";
  build.status = failed ? "FAILED" : "SUCCEEDED";
  build.endedAt = world.clock.now();
  world.emit({
    source: "aws.codebuild",
    "detail-type": "CodeBuild Build State Change",
    resources: [build.arn],
    detail: {
      "build-status": build.status,
      "project-name": build.project.name,
      "build-id": build.arn,
      "current-phase": "COMPLETED",
    },
  });
}

/** Whether the source could be had; a build without it ends there. */
async function downloaded(world: World, build: Build, folder: string): Promise<boolean> {
  build.phase = "DOWNLOAD_SOURCE";
  const begun = world.clock.now();
  let wrong: string | undefined;
  try {
    await downloadSource(world, build.project, folder);
  } catch (error) {
    wrong = `${build.project.location}: ${(error as Error).message}`;
  }
  build.phases.push({
    phaseType: "DOWNLOAD_SOURCE",
    phaseStatus: wrong ? "FAILED" : "SUCCEEDED",
    startTime: new Date(begun),
    endTime: new Date(world.clock.now()),
    ...(wrong ? { contexts: [{ statusCode: "CLIENT_ERROR", message: wrong }] } : {}),
  });
  return !wrong;
}

interface Place {
  folder: string;
  environment: Record<string, string>;
  say(line: string): void;
}

/** Whether every command of a phase ended with 0. One that does not ends the phase; `finally` runs all the same. */
async function runPhase(world: World, build: Build, phase: Phase, place: Place): Promise<boolean> {
  const begun = world.clock.now();
  build.phase = phase.name;
  let wrong: string | undefined;
  for (const command of phase.commands) {
    const code = await runCommand(world, build, command, place);
    if (code === 0) continue;
    wrong = `Error while executing command: ${command}. Reason: exit status ${code}`;
    break;
  }
  for (const command of phase.finally) await runCommand(world, build, command, place);
  build.phases.push({
    phaseType: phase.name,
    phaseStatus: wrong ? "FAILED" : "SUCCEEDED",
    startTime: new Date(begun),
    endTime: new Date(world.clock.now()),
    ...(wrong ? { contexts: [{ statusCode: "COMMAND_EXECUTION_ERROR", message: wrong }] } : {}),
  });
  return !wrong;
}

function runCommand(world: World, build: Build, command: string, place: Place): Promise<number | string> {
  place.say(`[Container] Running command ${command}`);
  return new Promise((resolve) => {
    const child = ownProcess(
      spawn("sh", ["-c", command], {
        ...OWN_SESSION,
        cwd: place.folder,
        env: place.environment,
        stdio: ["ignore", "pipe", "pipe"],
      }),
    );
    for (const output of [child.stdout!, child.stderr!])
      createInterface({ input: output }).on("line", place.say);
    const cancel = world.clock.after(build.project.timeoutMinutes * 60_000, () => {
      build.status = "TIMED_OUT";
      build.endedAt = world.clock.now();
      end(child);
    });
    world.onStop(() => end(child));
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, signal) => {
      cancel();
      resolve(code ?? signal ?? "unknown");
    });
  });
}

/** Ends a command and everything that it started. */
function end({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  process.kill(-pid, "SIGKILL");
}

/** What a command finds in its environment: the project's variables under those of the call, and its role. */
function environmentOf(
  world: World,
  build: Build,
  variables: Record<string, string>,
): Record<string, string> {
  const credentials = issueCredentials(world, {
    type: "role",
    roleArn: build.project.serviceRole,
    sessionName: "AWSCodeBuild",
  });
  const given = (list: { name?: string; value?: string }[]) =>
    Object.fromEntries(list.map(({ name = "", value = "" }) => [name, value]));
  return {
    ...variables,
    ...given(build.project.environment),
    ...given(build.environment),
    CODEBUILD_BUILD_ID: build.id,
    CODEBUILD_BUILD_ARN: build.arn,
    CODEBUILD_BUILD_NUMBER: String(build.number),
    AWS_REGION: world.region,
    AWS_DEFAULT_REGION: world.region,
    AWS_ENDPOINT_URL: world.endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken ?? "",
    PATH: process.env["PATH"] ?? "",
  };
}

export const logGroupOf = (project: string) => `/aws/codebuild/${project}`;

function logOf(world: World, build: Build): (line: string) => void {
  const name = logGroupOf(build.project.name);
  const group = logsState(world).groups.get(name) ?? addGroup(world, name);
  const stream = { name: build.id.split(":")[1]!, createdAt: world.clock.now(), events: [] };
  group.streams.set(stream.name, stream);
  return (message) => append(world, stream, [{ timestamp: Math.floor(world.clock.now()), message }]);
}
