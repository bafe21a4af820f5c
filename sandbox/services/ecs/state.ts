import type { ChildProcess } from "node:child_process";
import type {
  ContainerDefinition,
  DeploymentCircuitBreaker,
  LoadBalancer,
  RegisterTaskDefinitionCommandInput,
  ServiceDeploymentStatus,
  Tag,
} from "@aws-sdk/client-ecs";
import { ServiceException } from "../../service.ts";
import { randomId, stateOf, type World } from "../../world.ts";

export interface TaskDefinition {
  arn: string;
  family: string;
  revision: number;
  status: "ACTIVE" | "INACTIVE";
  /** As it was registered. */
  settings: Omit<RegisterTaskDefinitionCommandInput, "tags">;
  container: ContainerDefinition;
  tags: Tag[];
  registeredAt: number;
}

/** What a service runs or ran: one for each thing that was ever rolled out. */
export interface ServiceRevision {
  arn: string;
  taskDefinition: string;
  createdAt: number;
}

/** A set of tasks of one revision, as DescribeServices shows it. */
export interface Deployment {
  /** `ecs-svc/<digits>` */
  id: string;
  status: "PRIMARY" | "ACTIVE";
  revision: ServiceRevision;
  rolloutState: "IN_PROGRESS" | "COMPLETED" | "FAILED";
  reason: string;
  failedTasks: number;
  /** Nothing is started before this moment: failing tasks are started ever more slowly. */
  startsAgainAt: number;
  createdAt: number;
  updatedAt: number;
}

/** The record of one rollout, kept after it ended. */
export interface ServiceDeployment {
  arn: string;
  createdAt: number;
  startedAt: number;
  finishedAt: number | undefined;
  stoppedAt: number | undefined;
  source: ServiceRevision[];
  target: ServiceRevision;
  status: ServiceDeploymentStatus;
  reason: string | undefined;
  rollback: { reason: string; startedAt: number; revision: ServiceRevision } | undefined;
}

/** One task: a real process with an address of its own. */
export interface Task {
  id: string;
  deployment: string;
  taskDefinition: TaskDefinition;
  status: "PENDING" | "RUNNING" | "STOPPED";
  address: string;
  process: ChildProcess | undefined;
  /** It was told to stop: its end is no failure. */
  stopping: boolean;
  registered: boolean;
  startedAt: number;
}

export interface EcsService {
  arn: string;
  name: string;
  cluster: string;
  desiredCount: number;
  circuitBreaker: DeploymentCircuitBreaker;
  maximumPercent: number;
  minimumHealthyPercent: number;
  graceSeconds: number;
  loadBalancers: LoadBalancer[];
  /** The primary one first. */
  deployments: Deployment[];
  /** Newest first. */
  history: ServiceDeployment[];
  revisions: Map<string, ServiceRevision>;
  tasks: Task[];
  createdAt: number;
}

export const ecsState = stateOf(() => ({
  clusters: new Set<string>(),
  /** By family, oldest first. */
  families: new Map<string, TaskDefinition[]>(),
  /** By ARN. */
  services: new Map<string, EcsService>(),
}));

const DIGITS = "0123456789";
/** Ids as ECS makes them: of deployments and service revisions. */
export const newNumber = () => randomId(19, DIGITS);

export const ecsArn = (world: World, resource: string) => world.arn("ecs", resource);

const nameIn = (reference: string | undefined) => (reference ?? "default").split("/").at(-1)!;

/** ARN of the service that a request names, by name or ARN. */
export const serviceArn = (world: World, cluster: string | undefined, service: string | undefined): string =>
  service?.startsWith("arn:") ? service : ecsArn(world, `service/${nameIn(cluster)}/${service}`);

export function clusterNamed(world: World, cluster: string | undefined): string {
  const name = nameIn(cluster);
  if (!ecsState(world).clusters.has(name))
    throw new ServiceException("ClusterNotFoundException", "Cluster not found.");
  return name;
}

export function serviceAt(
  world: World,
  cluster: string | undefined,
  service: string | undefined,
): EcsService {
  clusterNamed(world, service?.startsWith("arn:") ? service.split("/").at(-2) : cluster);
  const found = ecsState(world).services.get(serviceArn(world, cluster, service));
  if (!found) throw new ServiceException("ServiceNotFoundException", "Service not found.");
  return found;
}

/** The task definition that `family`, `family:revision` or an ARN names; the newest active one of a family. */
export function taskDefinitionAt(world: World, reference: string | undefined): TaskDefinition {
  const [family = "", revision] = (reference?.split("task-definition/").at(-1) ?? "").split(":");
  const all = ecsState(world).families.get(family) ?? [];
  const found =
    revision === undefined
      ? all.findLast(({ status }) => status === "ACTIVE")
      : all.find((each) => each.revision === Number(revision));
  if (!found) throw new ServiceException("ClientException", "Unable to describe task definition.");
  return found;
}

/** The service and record that an ARN of a service deployment names. */
export function serviceDeploymentAt(
  world: World,
  arn: string | undefined,
): { service: EcsService; record: ServiceDeployment } | undefined {
  for (const service of ecsState(world).services.values()) {
    const record = service.history.find((each) => each.arn === arn);
    if (record) return { service, record };
  }
  return undefined;
}

export const primaryOf = (service: EcsService): Deployment => service.deployments[0]!;

/** Tasks of a deployment that run or are about to. */
export const liveTasks = (service: EcsService, deployment: Deployment): Task[] =>
  service.tasks.filter(
    (task) => task.deployment === deployment.id && task.status !== "STOPPED" && !task.stopping,
  );
