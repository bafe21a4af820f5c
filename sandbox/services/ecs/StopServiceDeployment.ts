import type { StopServiceDeploymentCommandInput, StopServiceDeploymentResponse } from "@aws-sdk/client-ecs";
import { operation, ServiceException } from "../../service.ts";
import { notImplemented } from "../../world.ts";
import { rollBack } from "./rollout.ts";
import { look } from "./scheduler.ts";
import { serviceDeploymentAt } from "./state.ts";

/** Stops a rollout that is under way and goes back to what ran before it. */
export const StopServiceDeployment = operation<
  StopServiceDeploymentCommandInput,
  StopServiceDeploymentResponse
>({
  authorize: (input) => [
    { action: "ecs:StopServiceDeployment", resources: [input.serviceDeploymentArn ?? "*"] },
  ],
  run: (input, { world }) => {
    const found = serviceDeploymentAt(world, input.serviceDeploymentArn);
    if (!found)
      throw new ServiceException("ServiceDeploymentNotFoundException", "Service deployment not found.");
    const { service, record } = found;
    if ((input.stopType ?? "ROLLBACK") !== "ROLLBACK")
      throw notImplemented("ecs", "StopServiceDeployment ABORT");
    if (record.finishedAt !== undefined)
      throw new ServiceException(
        "ConflictException",
        `Cannot stop the service deployment because it is in the state ${record.status}.`,
      );
    if (record.source.length === 0)
      throw new ServiceException(
        "InvalidParameterException",
        "The service deployment has no source service revision to roll back to.",
      );
    // One that is being rolled back already goes on with that.
    if (!record.rollback)
      rollBack(world, service, "Service deployment rolled back because a user stopped it.");
    look(world, service);
    return { serviceDeploymentArn: record.arn };
  },
});
