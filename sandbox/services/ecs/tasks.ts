import { createConnection } from "node:net";
import { allocateHost, releaseHost } from "../../engines/hosts.ts";
import { randomId, type World } from "../../world.ts";
import { startProgram } from "./program.ts";
import { type Deployment, type EcsService, type Task, taskDefinitionAt } from "./state.ts";

/** Seconds that a container may take to end after SIGTERM (`stopTimeout`). */
const STOP_SECONDS = 30;
/** Sandbox milliseconds between two looks whether a container listens. */
const LOOK = 1_000;

const hostName = (task: Task) => `${task.id}.ecs.internal`;

/** Starts one task of a deployment. `changed` is called whenever the task's state did. */
export function startTask(
  world: World,
  service: EcsService,
  deployment: Deployment,
  changed: (failure?: string) => void,
): void {
  const definition = taskDefinitionAt(world, deployment.revision.taskDefinition);
  const task: Task = {
    id: randomId(32, "0123456789abcdef"),
    deployment: deployment.id,
    taskDefinition: definition,
    status: "PENDING",
    address: "",
    process: undefined,
    stopping: false,
    registered: false,
    startedAt: world.clock.now(),
  };
  service.tasks.push(task);
  bringUp(world, task, changed).catch((error: Error) => {
    if (task.status === "STOPPED") return;
    task.status = "STOPPED";
    world.log("ecs", `a task of ${service.name} could not be started: ${error.message}`);
    changed(error.message);
  });
}

async function bringUp(world: World, task: Task, changed: (failure?: string) => void): Promise<void> {
  const port = portOf(task);
  const { address } = await allocateHost(world, hostName(task), [port]);
  task.address = address;
  const child = await startProgram(world, task.taskDefinition, task);
  task.process = child;
  child.once("error", (error) => world.log("ecs", `a container could not be started: ${error.message}`));
  child.once("exit", (code, signal) => {
    task.status = "STOPPED";
    task.process = undefined;
    releaseHost(world, hostName(task));
    if (!world.stopping) changed(task.stopping ? undefined : `its container exited (${signal ?? code})`);
  });
  if (task.stopping || world.stopping) return void child.kill("SIGKILL");
  // A container runs when its process does; here also when it listens, so that nobody is sent to a closed door.
  while (task.status === "PENDING" && !world.stopping) {
    if (await listens(address, port)) {
      task.status = "RUNNING";
      return changed();
    }
    await world.clock.sleep(LOOK);
  }
}

/** Ends a task: SIGTERM, and SIGKILL when it has not ended in time. */
export function stopTask(world: World, task: Task): void {
  if (task.stopping || task.status === "STOPPED") return;
  task.stopping = true;
  const child = task.process;
  if (!child) return;
  child.kill("SIGTERM");
  const cancel = world.clock.after(world.clock.workMilliseconds(STOP_SECONDS) * world.clock.speed, () =>
    child.kill("SIGKILL"),
  );
  child.once("exit", cancel);
}

/** The port on which a task's container listens. */
export const portOf = ({ taskDefinition }: Task): number =>
  taskDefinition.container.portMappings?.[0]?.containerPort ?? 8080;

function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
