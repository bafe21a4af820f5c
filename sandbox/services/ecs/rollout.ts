import { randomId, type World } from "../../world.ts";
import {
  type Deployment,
  type EcsService,
  ecsArn,
  newNumber,
  primaryOf,
  type ServiceDeployment,
  type ServiceRevision,
} from "./state.ts";

/** Puts an event about a service's deployment on the bus. */
function tell(
  world: World,
  service: EcsService,
  deployment: Deployment,
  eventName: string,
  eventType: "INFO" | "ERROR" = "INFO",
): void {
  const updatedAt = new Date(deployment.updatedAt).toISOString().replace(/\.\d+Z$/, "Z");
  world.emit({
    source: "aws.ecs",
    "detail-type": "ECS Deployment State Change",
    resources: [service.arn],
    detail: { eventType, eventName, deploymentId: deployment.id, updatedAt, reason: deployment.reason },
  });
  world.log("ecs", `${service.name}: ${deployment.reason}`, { state: eventName });
}

export function newRevision(world: World, service: EcsService, taskDefinition: string): ServiceRevision {
  const arn = ecsArn(world, `service-revision/${service.cluster}/${service.name}/${newNumber()}`);
  const revision = { arn, taskDefinition, createdAt: world.clock.now() };
  service.revisions.set(arn, revision);
  return revision;
}

/** The rollout's record that has not ended, if there is one. */
export const openRecord = (service: EcsService): ServiceDeployment | undefined =>
  service.history.find(({ finishedAt }) => finishedAt === undefined);

/** Rolls a task definition out: a deployment of its own becomes the primary one, and a record of it is kept. */
export function rollOut(world: World, service: EcsService, taskDefinition: string): void {
  const now = world.clock.now();
  const superseded = openRecord(service);
  if (superseded) {
    superseded.status = "STOPPED";
    superseded.reason = "A new service deployment was created.";
    superseded.stoppedAt = now;
    superseded.finishedAt = now;
  }
  const target = newRevision(world, service, taskDefinition);
  service.history.unshift({
    arn: ecsArn(
      world,
      `service-deployment/${service.cluster}/${service.name}/${randomId(21, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")}`,
    ),
    createdAt: now,
    startedAt: now,
    finishedAt: undefined,
    stoppedAt: undefined,
    source: service.deployments.map(({ revision }) => revision),
    target,
    status: "IN_PROGRESS",
    reason: undefined,
    rollback: undefined,
  });
  begin(world, service, target, (id) => `ECS deployment ${id} in progress.`);
}

/** Goes back, inside the same rollout, to what ran before it. */
export function rollBack(world: World, service: EcsService, reason: string): void {
  const record = openRecord(service);
  const revision = record?.source.at(0);
  if (!record || !revision) return;
  record.status = "ROLLBACK_IN_PROGRESS";
  record.rollback = { reason, startedAt: world.clock.now(), revision };
  begin(world, service, revision, (id) => `${reason} Rolling back to deploymentId ${id}.`);
}

function begin(
  world: World,
  service: EcsService,
  revision: ServiceRevision,
  reason: (id: string) => string,
): void {
  const now = world.clock.now();
  const id = `ecs-svc/${newNumber()}`;
  for (const each of service.deployments) each.status = "ACTIVE";
  const made: Deployment = {
    id,
    status: "PRIMARY",
    revision,
    rolloutState: "IN_PROGRESS",
    reason: reason(id),
    failedTasks: 0,
    startsAgainAt: 0,
    createdAt: now,
    updatedAt: now,
  };
  service.deployments.unshift(made);
  tell(world, service, made, "SERVICE_DEPLOYMENT_IN_PROGRESS");
}

/** The primary deployment has all its tasks, and no other has any: the service is steady. */
export function complete(world: World, service: EcsService): void {
  const primary = primaryOf(service);
  service.deployments = [primary];
  if (primary.rolloutState !== "IN_PROGRESS") return;
  primary.rolloutState = "COMPLETED";
  primary.updatedAt = world.clock.now();
  primary.reason = `ECS deployment ${primary.id} completed.`;
  const record = openRecord(service);
  if (record) {
    record.status = record.rollback ? "ROLLBACK_SUCCESSFUL" : "SUCCESSFUL";
    record.finishedAt = world.clock.now();
  }
  tell(world, service, primary, "SERVICE_DEPLOYMENT_COMPLETED");
}

/** Too many tasks failed: the deployment is given up, and rolled back where the service says so. */
export function breakCircuit(world: World, service: EcsService): void {
  const primary = primaryOf(service);
  primary.rolloutState = "FAILED";
  primary.updatedAt = world.clock.now();
  primary.reason = "ECS deployment circuit breaker: tasks failed to start.";
  tell(world, service, primary, "SERVICE_DEPLOYMENT_FAILED", "ERROR");
  const record = openRecord(service);
  if (!record) return;
  if (service.circuitBreaker.rollback && !record.rollback && record.source.length > 0) {
    rollBack(
      world,
      service,
      "Service deployment rolled back because the circuit breaker threshold was exceeded.",
    );
    return;
  }
  record.status = record.rollback ? "ROLLBACK_FAILED" : "STOPPED";
  record.reason = primary.reason;
  record.finishedAt = world.clock.now();
}
