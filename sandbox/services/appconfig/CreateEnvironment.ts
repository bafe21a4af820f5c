import type { CreateEnvironmentCommandInput, Environment } from "@aws-sdk/client-appconfig";
import { operation } from "../../service.ts";
import { notImplemented } from "../../world.ts";
import { appConfigArn, applicationOf, newId } from "./state.ts";

export const CreateEnvironment = operation<CreateEnvironmentCommandInput, Environment>({
  authorize: ({ ApplicationId }, { world }) => [
    {
      action: "appconfig:CreateEnvironment",
      resources: [appConfigArn(world, "application", ApplicationId)],
    },
  ],
  run: ({ ApplicationId, Name = "", Description, Monitors = [] }, { world }) => {
    if (Monitors.length > 0) throw notImplemented("appconfig", "CreateEnvironment with alarms to watch");
    const id = newId();
    applicationOf(world, ApplicationId).environments.set(id, {
      id,
      name: Name,
      description: Description,
      deployments: [],
    });
    return { ApplicationId, Id: id, Name, Description, State: "READY_FOR_DEPLOYMENT", Monitors: [] };
  },
});
