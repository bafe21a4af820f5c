import { type Deployment, DescribeServicesCommand, ECSClient, type Service } from "@aws-sdk/client-ecs";
import { clientSettings, once } from "../../runtime/clients.ts";
import { refusal } from "../../runtime/errors.ts";

export const ecs = once(() => new ECSClient(clientSettings));

/** A service as this action needs it: what it runs, and how far that is. */
export interface Found {
  service: Service;
  primary: Deployment;
  /** ARN of the task definition that is rolled out or runs. */
  taskDefinition: string;
  desiredCount: number;
}

/** `hub:41` of `arn:aws:ecs:…:task-definition/hub:41`. */
export const short = (arn: string) => arn.split("/").at(-1)!;

/** The service; refused when it does not exist, or is not ECS's own to deploy. */
export async function find({ cluster, service }: { cluster: string; service: string }): Promise<Found> {
  const { services = [] } = await ecs().send(new DescribeServicesCommand({ cluster, services: [service] }));
  const found = services.find(({ status }) => status === "ACTIVE");
  if (!found)
    throw refusal(
      `There is no active service ${service} in cluster ${cluster}. Nothing was changed. Correct the plan.`,
    );
  const controller = found.deploymentController?.type ?? "ECS";
  const primary = found.deployments?.find(({ status }) => status === "PRIMARY");
  if (controller !== "ECS" || !primary?.taskDefinition)
    throw refusal(
      `Service ${service} is deployed by ${controller}, not by ECS itself. Nothing was changed. Go back with ${controller}.`,
    );
  return {
    service: found,
    primary,
    taskDefinition: primary.taskDefinition,
    desiredCount: found.desiredCount ?? 0,
  };
}

/** Whether everything that should run runs, and nothing else does. */
export function steady({ service, primary }: Found): boolean {
  return (
    service.deployments?.length === 1 &&
    primary.rolloutState !== "IN_PROGRESS" &&
    primary.rolloutState !== "FAILED" &&
    service.runningCount === service.desiredCount &&
    (service.pendingCount ?? 0) === 0
  );
}

/** What is going on, for people. */
export const progressOf = ({ service, primary, taskDefinition }: Found) =>
  `${service.serviceName}: ${service.runningCount ?? 0} of ${service.desiredCount ?? 0} tasks, ${short(taskDefinition)} ${(primary.rolloutState ?? "").toLowerCase().replace("_", " ") || "deployed"}`;
