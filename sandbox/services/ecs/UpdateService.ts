import type { UpdateServiceCommandInput, UpdateServiceResponse } from "@aws-sdk/client-ecs";
import { operation, ServiceException } from "../../service.ts";
import { notImplemented } from "../../world.ts";
import { serviceAnswer } from "./describe.ts";
import { rollOut } from "./rollout.ts";
import { look } from "./scheduler.ts";
import { primaryOf, serviceArn, serviceAt, taskDefinitionAt } from "./state.ts";

const KNOWN = ["cluster", "service", "taskDefinition", "desiredCount", "forceNewDeployment"];

/** Changes a service. Another task definition is rolled out; another count alone is no rollout. */
export const UpdateService = operation<UpdateServiceCommandInput, UpdateServiceResponse>({
  authorize: (input, { world }) => [
    { action: "ecs:UpdateService", resources: [serviceArn(world, input.cluster, input.service)] },
  ],
  run: (input, { world }) => {
    const other = Object.keys(input).find((key) => !KNOWN.includes(key));
    if (other) throw notImplemented("ecs", `UpdateService with ${other}`);
    const service = serviceAt(world, input.cluster, input.service);
    const current = primaryOf(service).revision.taskDefinition;
    const wanted =
      input.taskDefinition === undefined ? undefined : taskDefinitionAt(world, input.taskDefinition);
    if (wanted?.status === "INACTIVE")
      throw new ServiceException("ClientException", "TaskDefinition is inactive");
    service.desiredCount = input.desiredCount ?? service.desiredCount;
    if ((wanted && wanted.arn !== current) || input.forceNewDeployment)
      rollOut(world, service, wanted?.arn ?? current);
    look(world, service);
    return { service: serviceAnswer(world, service) };
  },
});
