import type { Deployment, GetDeploymentCommandInput } from "@aws-sdk/client-appconfig";
import { operation } from "../../service.ts";
import { deploymentAnswer } from "./answer.ts";
import { deploymentResources } from "./resources.ts";
import { deploymentOf, environmentOf } from "./state.ts";

export const GetDeployment = operation<GetDeploymentCommandInput, Deployment>({
  authorize: (input, { world }) => [
    { action: "appconfig:GetDeployment", resources: deploymentResources(world, input) },
  ],
  run: ({ ApplicationId = "", EnvironmentId = "", DeploymentNumber }, { world }) =>
    deploymentAnswer(
      world,
      ApplicationId,
      EnvironmentId,
      deploymentOf(environmentOf(world, ApplicationId, EnvironmentId), DeploymentNumber),
    ),
});
