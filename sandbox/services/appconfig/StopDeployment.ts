import type { Deployment, StopDeploymentCommandInput } from "@aws-sdk/client-appconfig";
import { operation } from "../../service.ts";
import { deploymentAnswer } from "./answer.ts";
import { isRunning, progressOf } from "./progress.ts";
import { deploymentResources } from "./resources.ts";
import { badRequest, conflict, deploymentOf, environmentOf } from "./state.ts";

const REVERTIBLE_MILLISECONDS = 72 * 3_600_000;

/** Rolls back what goes on; with AllowRevert also reverts what was complete, for 72 hours. */
export const StopDeployment = operation<StopDeploymentCommandInput, Deployment>({
  authorize: (input, { world }) => [
    { action: "appconfig:StopDeployment", resources: deploymentResources(world, input) },
  ],
  run: ({ ApplicationId = "", EnvironmentId = "", DeploymentNumber, AllowRevert }, { world }) => {
    const environment = environmentOf(world, ApplicationId, EnvironmentId);
    const deployment = deploymentOf(environment, DeploymentNumber);
    const now = world.clock.now();
    const { state, completedAt } = progressOf(deployment, now);
    if (state === "DEPLOYING" || (AllowRevert && state === "BAKING")) deployment.stoppedAt = now;
    else if (AllowRevert && state === "COMPLETE") {
      const later = environment.deployments.find(
        (each) =>
          each.number > deployment.number &&
          (each.profileId === deployment.profileId || isRunning(each, now)),
      );
      const laterState = later && progressOf(later, now).state;
      if (laterState && laterState !== "ROLLED_BACK" && laterState !== "REVERTED")
        throw conflict(`Deployment ${later!.number} came after deployment ${deployment.number}`);
      if (now - completedAt! > REVERTIBLE_MILLISECONDS)
        throw badRequest(`Deployment ${deployment.number} was completed more than 72 hours ago`);
      deployment.revertedAt = now;
    } else throw badRequest(`Deployment ${deployment.number} is ${state} and cannot be stopped`);
    return deploymentAnswer(world, ApplicationId, EnvironmentId, deployment);
  },
});
