import type { TargetHealthDescription } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { World } from "../../world.ts";
import { breakCircuit, complete } from "./rollout.ts";
import { type Deployment, type EcsService, liveTasks, primaryOf, type Task } from "./state.ts";
import { portOf, startTask, stopTask } from "./tasks.ts";

/** Seconds between two looks at a service. */
const LOOK_SECONDS = 5;
/** Failed tasks after which ECS starts new ones ever more slowly. */
const PATIENCE = 3;
const SLOWER_SECONDS = 30;
/** Bounds of the circuit breaker's threshold: half the tasks, at least 3 and at most 200. */
const THRESHOLD = { least: 3, most: 200, share: 0.5 };

const looks = new WeakMap<EcsService, Promise<void>>();

/** Keeps a service at what it should be, for as long as the world lives. */
export function startScheduler(world: World, service: EcsService): void {
  world.onStop(world.clock.every(LOOK_SECONDS * 1000, () => look(world, service)));
  look(world, service);
}

/** Looks at a service soon; looks follow one another. */
export function look(world: World, service: EcsService): void {
  const last = looks.get(service) ?? Promise.resolve();
  const next = last
    .then(() => (world.stopping ? undefined : reconcile(world, service)))
    .catch((error: Error) => {
      if (!world.stopping) world.log("ecs", `${service.name} could not be looked at: ${error.message}`);
    });
  looks.set(service, next);
}

async function reconcile(world: World, service: EcsService): Promise<void> {
  service.tasks = service.tasks.filter(({ status }) => status !== "STOPPED");
  const healths = await healthsOf(world, service);
  for (const task of service.tasks) await register(world, service, task);
  const primary = primaryOf(service);
  replaceUnhealthy(world, service, healths);
  startMissing(world, service, primary);
  const ready = liveTasks(service, primary).filter((task) => isReady(service, task, healths)).length;
  await stopSurplus(world, service, primary, ready);
  const threshold = Math.min(
    THRESHOLD.most,
    Math.max(THRESHOLD.least, Math.ceil(service.desiredCount * THRESHOLD.share)),
  );
  if (
    service.circuitBreaker.enable &&
    primary.rolloutState === "IN_PROGRESS" &&
    primary.failedTasks >= threshold
  )
    return breakCircuit(world, service);
  const others = service.tasks.some((task) => task.deployment !== primary.id);
  if (primary.rolloutState !== "FAILED" && ready === service.desiredCount && !others)
    complete(world, service);
}

/** What a target group says of each address; nothing for a service without one. */
async function healthsOf(world: World, service: EcsService): Promise<Map<string, string>> {
  const healths = new Map<string, string>();
  for (const { targetGroupArn } of service.loadBalancers) {
    const { TargetHealthDescriptions = [] } = await balancer<{
      TargetHealthDescriptions?: TargetHealthDescription[];
    }>(world, "DescribeTargetHealth", { TargetGroupArn: targetGroupArn });
    for (const { Target, TargetHealth } of TargetHealthDescriptions)
      healths.set(Target?.Id ?? "", TargetHealth?.State ?? "");
  }
  return healths;
}

/** Calls Elastic Load Balancing as the service-linked role of ECS, which may do this everywhere. */
const balancer = <Output>(world: World, operation: string, input: object): Promise<Output> =>
  world.call<Output>({ service: "elasticloadbalancing", operation, input, principal: { type: "admin" } });

async function register(world: World, service: EcsService, task: Task): Promise<void> {
  if (task.registered || task.stopping || task.status !== "RUNNING") return;
  task.registered = true;
  for (const { targetGroupArn } of service.loadBalancers)
    await balancer(world, "RegisterTargets", {
      TargetGroupArn: targetGroupArn,
      Targets: [{ Id: task.address, Port: portOf(task) }],
    });
}

/** No more requests, then the end. */
async function retire(world: World, service: EcsService, task: Task): Promise<void> {
  if (task.registered)
    for (const { targetGroupArn } of service.loadBalancers)
      await balancer(world, "DeregisterTargets", {
        TargetGroupArn: targetGroupArn,
        Targets: [{ Id: task.address, Port: portOf(task) }],
      });
  stopTask(world, task);
}

/** A group that no rule forwards to checks nothing; its tasks count as running. */
const isReady = (service: EcsService, task: Task, healths: Map<string, string>) =>
  task.status === "RUNNING" &&
  (service.loadBalancers.length === 0 || ["healthy", "unused"].includes(healths.get(task.address) ?? ""));

function replaceUnhealthy(world: World, service: EcsService, healths: Map<string, string>): void {
  for (const task of service.tasks) {
    const old = world.clock.now() - task.startedAt > service.graceSeconds * 1000;
    if (task.stopping || !old || healths.get(task.address) !== "unhealthy") continue;
    failed(world, service, task.deployment, "failed the load balancer's health checks");
    void retire(world, service, task);
  }
}

/** A task that ended or was unhealthy counts against its deployment, and slows the next start down. */
function failed(world: World, service: EcsService, deploymentId: string, why: string): void {
  const deployment = service.deployments.find(({ id }) => id === deploymentId);
  if (!deployment) return;
  deployment.failedTasks += 1;
  deployment.updatedAt = world.clock.now();
  const beyond = deployment.failedTasks - PATIENCE;
  if (beyond > 0) deployment.startsAgainAt = world.clock.now() + beyond * SLOWER_SECONDS * 1000;
  world.log("ecs", `${service.name}: a task ${why}`, { failedTasks: deployment.failedTasks });
}

function startMissing(world: World, service: EcsService, primary: Deployment): void {
  if (primary.rolloutState === "FAILED" || world.clock.now() < primary.startsAgainAt) return;
  const all = service.tasks.filter(({ stopping }) => !stopping).length;
  const most = Math.floor((service.desiredCount * service.maximumPercent) / 100);
  const missing = service.desiredCount - liveTasks(service, primary).length;
  for (let number = Math.min(missing, most - all); number > 0; number -= 1)
    startTask(world, service, primary, (failure) => {
      if (failure) failed(world, service, primary.id, failure);
      look(world, service);
    });
}

/** Old tasks go as new ones are ready, so that the service keeps its healthy share; so do tasks beyond the count. */
async function stopSurplus(
  world: World,
  service: EcsService,
  primary: Deployment,
  ready: number,
): Promise<void> {
  const extra = liveTasks(service, primary).slice(service.desiredCount);
  const old = service.tasks.filter((task) => task.deployment !== primary.id && !task.stopping);
  const keep = Math.ceil((service.desiredCount * service.minimumHealthyPercent) / 100) - ready;
  // A deployment that was given up leaves what runs alone.
  const gone =
    primary.rolloutState === "FAILED" ? [] : old.slice(0, Math.max(0, old.length - Math.max(0, keep)));
  for (const task of [...extra, ...gone]) await retire(world, service, task);
}
