import type { DeploymentStrategy, GetDeploymentStrategyCommandInput } from "@aws-sdk/client-appconfig";
import { operation } from "../../service.ts";
import { appConfigArn, strategyOf } from "./state.ts";

export const GetDeploymentStrategy = operation<GetDeploymentStrategyCommandInput, DeploymentStrategy>({
  authorize: ({ DeploymentStrategyId }, { world }) => [
    {
      action: "appconfig:GetDeploymentStrategy",
      resources: [appConfigArn(world, "deploymentstrategy", DeploymentStrategyId)],
    },
  ],
  run: ({ DeploymentStrategyId }, { world }) => strategyOf(world, DeploymentStrategyId),
});
