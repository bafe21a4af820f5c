import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { dnsServerOf } from "../../engines/dns.ts";
import { caFileOf } from "../../engines/functions/authority.ts";
import { OWN_SESSION, ownProcess } from "../../engines/processes.ts";
import { issueCredentials } from "../../front/credentials.ts";
import type { World } from "../../world.ts";
import { imageNamed } from "../ecr/state.ts";
import { logsState } from "../logs/state.ts";
import type { TaskDefinition } from "./state.ts";

/**
 * The annotation of an image's manifest that says what the sandbox runs for it: the absolute path of a JavaScript or
 * TypeScript file for Node.js. That file is the container; it listens on `TASK_ADDRESS` and ends on SIGTERM.
 */
const PROGRAM = "sandbox.program";
/** Prefix of annotations that are the image's own environment, as ENV in a Dockerfile. */
const ENV = "sandbox.env.";

/** The manifest of an image that runs `program`; what `PutImage` takes. */
export function imageManifest(image: { program: string; environment?: Record<string, string> }): string {
  const environment = Object.entries(image.environment ?? {}).map(([name, value]) => [ENV + name, value]);
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    layers: [],
    annotations: { [PROGRAM]: image.program, ...Object.fromEntries(environment) },
  });
}

/** What an image runs; an error as ECS words it when the image does not exist, or runs nothing. */
function contentOf(
  world: World,
  name: string | undefined,
): { program: string; environment: Record<string, string> } {
  const image = imageNamed(world, name ?? "");
  const annotations =
    (image && (JSON.parse(image.manifest) as { annotations?: Record<string, string> }).annotations) ?? {};
  const program = annotations[PROGRAM];
  if (!program)
    throw new Error(
      `CannotPullContainerError: failed to resolve ref ${name}: not found, or not of this sandbox`,
    );
  const environment = Object.entries(annotations).flatMap(([key, value]) =>
    key.startsWith(ENV) ? [[key.slice(ENV.length), value]] : [],
  );
  return { program, environment: Object.fromEntries(environment) };
}

/** Starts a task's process at its address. Its output goes to the log group of its definition. */
export async function startProgram(
  world: World,
  definition: TaskDefinition,
  task: { id: string; address: string },
): Promise<ChildProcess> {
  const { container, settings } = definition;
  const image = contentOf(world, container.image);
  const dns = dnsServerOf(world);
  const environment: Record<string, string> = {
    ...image.environment,
    ...Object.fromEntries((container.environment ?? []).map(({ name = "", value = "" }) => [name, value])),
    ...credentialsFor(world, settings.taskRoleArn, task.id),
    AWS_REGION: world.region,
    AWS_ENDPOINT_URL: world.endpoint,
    NODE_EXTRA_CA_CERTS: await caFileOf(world),
    TASK_ADDRESS: task.address,
    SANDBOX_CLOCK: JSON.stringify({ origin: world.clock.origin, speed: world.clock.speed }),
    ...(dns ? { SANDBOX_DNS: `${dns.host}:${dns.port}` } : {}),
    PATH: process.env["PATH"] ?? "",
  };
  const child = ownProcess(
    spawn(process.execPath, [image.program], {
      ...OWN_SESSION,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    }),
  );
  keepOutput(world, definition, task.id, child);
  world.onStop(() => ended(child));
  return child;
}

/** Ends a process at once, and waits until it has. */
function ended(child: ChildProcess): Promise<void> | void {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
}

/** What a task role gives; without one a container has no credentials, as on AWS. */
function credentialsFor(
  world: World,
  roleArn: string | undefined,
  sessionName: string,
): Record<string, string> {
  if (!roleArn) return {};
  const issued = issueCredentials(world, { type: "role", roleArn, sessionName });
  return {
    AWS_ACCESS_KEY_ID: issued.accessKeyId,
    AWS_SECRET_ACCESS_KEY: issued.secretAccessKey,
    AWS_SESSION_TOKEN: issued.sessionToken ?? "",
  };
}

/** Lines to the log driver `awslogs`, as the agent of ECS sends them; without one, to the sandbox's own log. */
function keepOutput(world: World, { container }: TaskDefinition, taskId: string, child: ChildProcess): void {
  const options = container.logConfiguration?.options;
  const group = container.logConfiguration?.logDriver === "awslogs" ? options?.["awslogs-group"] : undefined;
  const stream = `${options?.["awslogs-stream-prefix"] ?? "ecs"}/${container.name}/${taskId}`;
  // The agent's own doing: which role it does it under is not what is looked at here.
  const call = (operation: string, input: object) =>
    world.call({ service: "logs", operation, input, principal: { type: "admin" } });
  let ready: Promise<unknown> | undefined;
  for (const output of [child.stdout!, child.stderr!])
    createInterface({ input: output }).on("line", (message) => {
      if (world.stopping) return;
      if (!group || !logsState(world).groups.has(group)) return world.log("task", message, { task: taskId });
      ready ??= call("CreateLogStream", { logGroupName: group, logStreamName: stream });
      const timestamp = Math.floor(world.clock.now());
      ready = ready
        .then(() =>
          call("PutLogEvents", {
            logGroupName: group,
            logStreamName: stream,
            logEvents: [{ timestamp, message }],
          }),
        )
        .catch((error: Error) =>
          world.log("task", `a line was not logged: ${error.message}`, { task: taskId }),
        );
    });
}
