import type { World } from "../../world.ts";
import { appConfigArn } from "./state.ts";

/** What the actions on one deployment are allowed on. */
export function deploymentResources(
  world: World,
  given: {
    ApplicationId?: string | undefined;
    EnvironmentId?: string | undefined;
    DeploymentNumber?: number | undefined;
  },
): string[] {
  const environment = ["application", given.ApplicationId, "environment", given.EnvironmentId];
  return [
    appConfigArn(world, "application", given.ApplicationId),
    appConfigArn(world, ...environment),
    appConfigArn(world, ...environment, "deployment", given.DeploymentNumber),
  ];
}
