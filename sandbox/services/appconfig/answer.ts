import type {
  Deployment as DeploymentAnswer,
  DeploymentSummary,
  HostedConfigurationVersion,
} from "@aws-sdk/client-appconfig";
import type { World } from "../../world.ts";
import { progressOf } from "./progress.ts";
import { applicationOf, type Deployment, type HostedVersion, versionOf } from "./state.ts";

export function deploymentSummary(
  world: World,
  applicationId: string,
  deployment: Deployment,
): DeploymentSummary {
  const { strategy } = deployment;
  const profile = applicationOf(world, applicationId).profiles.get(deployment.profileId)!;
  const { state, percentage, completedAt } = progressOf(deployment, world.clock.now());
  const { label } = versionOf(profile, deployment.version);
  return {
    DeploymentNumber: deployment.number,
    ConfigurationProfileId: profile.id,
    ConfigurationName: profile.name,
    ConfigurationVersion: String(deployment.version),
    DeploymentDurationInMinutes: strategy.DeploymentDurationInMinutes,
    GrowthType: strategy.GrowthType,
    GrowthFactor: strategy.GrowthFactor,
    FinalBakeTimeInMinutes: strategy.FinalBakeTimeInMinutes,
    State: state,
    PercentageComplete: percentage,
    StartedAt: new Date(deployment.startedAt),
    ...(completedAt === undefined ? {} : { CompletedAt: new Date(completedAt) }),
    ...(label === undefined ? {} : { VersionLabel: label }),
  };
}

export function deploymentAnswer(
  world: World,
  applicationId: string,
  environmentId: string,
  deployment: Deployment,
): DeploymentAnswer {
  return {
    ...deploymentSummary(world, applicationId, deployment),
    ApplicationId: applicationId,
    EnvironmentId: environmentId,
    DeploymentStrategyId: deployment.strategy.Id,
    ConfigurationLocationUri: "hosted",
    ...(deployment.description === undefined ? {} : { Description: deployment.description }),
    EventLog: progressOf(deployment, world.clock.now()).events,
    AppliedExtensions: [],
  };
}

export const versionSummary = (
  ApplicationId: string,
  ConfigurationProfileId: string,
  version: HostedVersion,
): Omit<HostedConfigurationVersion, "Content"> => ({
  ApplicationId,
  ConfigurationProfileId,
  VersionNumber: version.number,
  ContentType: version.contentType,
  ...(version.description === undefined ? {} : { Description: version.description }),
  ...(version.label === undefined ? {} : { VersionLabel: version.label }),
});
