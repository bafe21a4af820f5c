import type { Environment, GetEnvironmentCommandInput } from "@aws-sdk/client-appconfig";
import { operation } from "../../service.ts";
import { environmentState } from "./progress.ts";
import { appConfigArn, environmentOf } from "./state.ts";

export const GetEnvironment = operation<GetEnvironmentCommandInput, Environment>({
  authorize: ({ ApplicationId, EnvironmentId }, { world }) => [
    {
      action: "appconfig:GetEnvironment",
      resources: [
        appConfigArn(world, "application", ApplicationId),
        appConfigArn(world, "application", ApplicationId, "environment", EnvironmentId),
      ],
    },
  ],
  run: ({ ApplicationId, EnvironmentId }, { world }) => {
    const { id, name, description, deployments } = environmentOf(world, ApplicationId, EnvironmentId);
    return {
      ApplicationId,
      Id: id,
      Name: name,
      Description: description,
      State: environmentState(deployments, world.clock.now()),
      Monitors: [],
    };
  },
});
