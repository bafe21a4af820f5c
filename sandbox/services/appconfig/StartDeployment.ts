import type { Deployment, StartDeploymentCommandInput } from "@aws-sdk/client-appconfig";
import { operation } from "../../service.ts";
import { deploymentAnswer } from "./answer.ts";
import { isRunning } from "./progress.ts";
import { appConfigArn, conflict, environmentOf, profileOf, strategyOf, versionOf } from "./state.ts";

/** One at a time in an environment, whatever the profile. */
export const StartDeployment = operation<StartDeploymentCommandInput, Deployment>({
  authorize: (input, { world }) => {
    const { ApplicationId, EnvironmentId, ConfigurationProfileId, DeploymentStrategyId } = input;
    return [
      {
        action: "appconfig:StartDeployment",
        resources: [
          appConfigArn(world, "application", ApplicationId),
          appConfigArn(world, "application", ApplicationId, "environment", EnvironmentId),
          appConfigArn(world, "application", ApplicationId, "configurationprofile", ConfigurationProfileId),
          appConfigArn(world, "deploymentstrategy", DeploymentStrategyId),
        ],
      },
    ];
  },
  run: (input, { world }) => {
    const { ApplicationId = "", EnvironmentId = "", ConfigurationProfileId = "" } = input;
    const { deployments } = environmentOf(world, ApplicationId, EnvironmentId);
    const profile = profileOf(world, ApplicationId, ConfigurationProfileId);
    const strategy = strategyOf(world, input.DeploymentStrategyId);
    const labelled = profile.versions.find(({ label }) => label === input.ConfigurationVersion);
    const { number: version } = labelled ?? versionOf(profile, Number(input.ConfigurationVersion));
    const now = world.clock.now();
    const going = deployments.find((each) => isRunning(each, now));
    if (going)
      throw conflict(`Deployment ${going.number} of environment ${EnvironmentId} is still in progress`);
    const latest = deployments.at(-1)?.number ?? 0;
    if (input.LatestDeploymentNumber !== undefined && input.LatestDeploymentNumber !== latest)
      throw conflict(
        `LatestDeploymentNumber ${input.LatestDeploymentNumber} is not the latest deployment number ${latest}`,
      );
    const deployment = {
      number: latest + 1,
      profileId: profile.id,
      version,
      strategy,
      description: input.Description,
      tags: input.Tags,
      startedAt: now,
      stoppedAt: undefined,
      revertedAt: undefined,
    };
    deployments.push(deployment);
    return deploymentAnswer(world, ApplicationId, EnvironmentId, deployment);
  },
});
