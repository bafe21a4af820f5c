import type { CreateServiceCommandInput, CreateServiceResponse } from "@aws-sdk/client-ecs";
import { operation, ServiceException } from "../../service.ts";
import { serviceAnswer } from "./describe.ts";
import { rollOut } from "./rollout.ts";
import { startScheduler } from "./scheduler.ts";
import { clusterNamed, type EcsService, ecsState, serviceArn, taskDefinitionAt } from "./state.ts";

/** Makes a service and rolls its first task definition out. */
export const CreateService = operation<CreateServiceCommandInput, CreateServiceResponse>({
  authorize: (input, { world }) => [
    { action: "ecs:CreateService", resources: [serviceArn(world, input.cluster, input.serviceName)] },
  ],
  run: (input, { world }) => {
    const cluster = clusterNamed(world, input.cluster);
    const name = input.serviceName ?? "";
    const arn = serviceArn(world, cluster, name);
    if (ecsState(world).services.has(arn))
      throw new ServiceException("InvalidParameterException", "Creation of service was not idempotent.");
    const definition = taskDefinitionAt(world, input.taskDefinition);
    const configuration = input.deploymentConfiguration;
    const service: EcsService = {
      arn,
      name,
      cluster,
      desiredCount: input.desiredCount ?? 1,
      circuitBreaker: configuration?.deploymentCircuitBreaker ?? { enable: false, rollback: false },
      maximumPercent: configuration?.maximumPercent ?? 200,
      minimumHealthyPercent: configuration?.minimumHealthyPercent ?? 100,
      graceSeconds: input.healthCheckGracePeriodSeconds ?? 0,
      loadBalancers: input.loadBalancers ?? [],
      deployments: [],
      history: [],
      revisions: new Map(),
      tasks: [],
      createdAt: world.clock.now(),
    };
    ecsState(world).services.set(arn, service);
    rollOut(world, service, definition.arn);
    startScheduler(world, service);
    return { service: serviceAnswer(world, service) };
  },
});
