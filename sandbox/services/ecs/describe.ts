import type * as ecs from "@aws-sdk/client-ecs";
import type { World } from "../../world.ts";
import {
  type Deployment,
  type EcsService,
  ecsArn,
  liveTasks,
  primaryOf,
  type ServiceDeployment,
  type TaskDefinition,
} from "./state.ts";

const date = (milliseconds: number) => new Date(milliseconds);

export const taskDefinitionAnswer = (definition: TaskDefinition): ecs.TaskDefinition => ({
  ...definition.settings,
  taskDefinitionArn: definition.arn,
  family: definition.family,
  revision: definition.revision,
  status: definition.status,
  registeredAt: date(definition.registeredAt),
});

const clusterArn = (world: World, name: string) => ecsArn(world, `cluster/${name}`);

export const clusterAnswer = (world: World, name: string): ecs.Cluster => ({
  clusterArn: clusterArn(world, name),
  clusterName: name,
  status: "ACTIVE",
});

const count = (service: EcsService, deployment: Deployment, status: string) =>
  liveTasks(service, deployment).filter((task) => task.status === status).length;

/** A service as DescribeServices shows it. */
export function serviceAnswer(world: World, service: EcsService): ecs.Service {
  const primary = primaryOf(service);
  const sum = (status: string) =>
    service.deployments.reduce((total, each) => total + count(service, each, status), 0);
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: clusterArn(world, service.cluster),
    status: "ACTIVE",
    desiredCount: service.desiredCount,
    runningCount: sum("RUNNING"),
    pendingCount: sum("PENDING"),
    launchType: "FARGATE",
    taskDefinition: primary.revision.taskDefinition,
    loadBalancers: service.loadBalancers,
    healthCheckGracePeriodSeconds: service.graceSeconds,
    deploymentConfiguration: {
      deploymentCircuitBreaker: service.circuitBreaker,
      maximumPercent: service.maximumPercent,
      minimumHealthyPercent: service.minimumHealthyPercent,
    },
    deploymentController: { type: "ECS" },
    createdAt: date(service.createdAt),
    deployments: service.deployments.map((each) => ({
      id: each.id,
      status: each.status,
      taskDefinition: each.revision.taskDefinition,
      desiredCount: each.status === "PRIMARY" ? service.desiredCount : 0,
      runningCount: count(service, each, "RUNNING"),
      pendingCount: count(service, each, "PENDING"),
      failedTasks: each.failedTasks,
      createdAt: date(each.createdAt),
      updatedAt: date(each.updatedAt),
      rolloutState: each.rolloutState,
      rolloutStateReason: each.reason,
    })),
  };
}

const when = (milliseconds: number | undefined) =>
  milliseconds === undefined ? undefined : date(milliseconds);

/** A rollout's record, as both the list and the description have it. */
export function briefAnswer(world: World, service: EcsService, record: ServiceDeployment) {
  const [finishedAt, stoppedAt] = [when(record.finishedAt), when(record.stoppedAt)];
  return {
    serviceDeploymentArn: record.arn,
    serviceArn: service.arn,
    clusterArn: clusterArn(world, service.cluster),
    createdAt: date(record.createdAt),
    startedAt: date(record.startedAt),
    status: record.status,
    ...(finishedAt ? { finishedAt } : {}),
    ...(record.reason ? { statusReason: record.reason } : {}),
    ...(stoppedAt ? { stoppedAt } : {}),
  };
}

/** Everything about a rollout: what ran before it, what it brings, and whether it was taken back. */
export function serviceDeploymentAnswer(
  world: World,
  service: EcsService,
  record: ServiceDeployment,
): ecs.ServiceDeployment {
  return {
    ...briefAnswer(world, service, record),
    sourceServiceRevisions: record.source.map(({ arn }) => ({ arn })),
    targetServiceRevision: { arn: record.target.arn, requestedTaskCount: service.desiredCount },
    ...(record.rollback
      ? {
          rollback: {
            reason: record.rollback.reason,
            startedAt: date(record.rollback.startedAt),
            serviceRevisionArn: record.rollback.revision.arn,
          },
        }
      : {}),
  };
}
