import type { CreateDeploymentStrategyCommandInput, DeploymentStrategy } from "@aws-sdk/client-appconfig";
import { operation } from "../../service.ts";
import { appConfigState, badRequest, newId, type Strategy } from "./state.ts";

export const CreateDeploymentStrategy = operation<CreateDeploymentStrategyCommandInput, DeploymentStrategy>({
  authorize: () => [{ action: "appconfig:CreateDeploymentStrategy", resources: ["*"] }],
  run: (input, { world }) => {
    const { Name = "", Description, DeploymentDurationInMinutes = 0, GrowthFactor = 0 } = input;
    if (GrowthFactor < 1 || GrowthFactor > 100)
      throw badRequest(`GrowthFactor ${GrowthFactor} is not between 1 and 100`);
    for (const minutes of [DeploymentDurationInMinutes, input.FinalBakeTimeInMinutes ?? 0])
      if (minutes < 0 || minutes > 1440) throw badRequest(`${minutes} minutes are not between 0 and 1440`);
    const made: Strategy = {
      Id: newId(),
      Name,
      Description,
      DeploymentDurationInMinutes,
      GrowthFactor,
      GrowthType: input.GrowthType ?? "LINEAR",
      FinalBakeTimeInMinutes: input.FinalBakeTimeInMinutes ?? 0,
      ReplicateTo: "NONE",
    };
    appConfigState(world).strategies.set(made.Id, made);
    return made;
  },
});
