import type { Service } from "../../service.ts";
import { CreateApplication } from "./CreateApplication.ts";
import { CreateConfigurationProfile } from "./CreateConfigurationProfile.ts";
import { CreateDeploymentStrategy } from "./CreateDeploymentStrategy.ts";
import { CreateEnvironment } from "./CreateEnvironment.ts";
import { CreateHostedConfigurationVersion } from "./CreateHostedConfigurationVersion.ts";
import { GetConfigurationProfile } from "./GetConfigurationProfile.ts";
import { GetDeployment } from "./GetDeployment.ts";
import { GetDeploymentStrategy } from "./GetDeploymentStrategy.ts";
import { GetEnvironment } from "./GetEnvironment.ts";
import { GetHostedConfigurationVersion } from "./GetHostedConfigurationVersion.ts";
import { GetLatestConfiguration } from "./GetLatestConfiguration.ts";
import { ListDeployments } from "./ListDeployments.ts";
import { ListHostedConfigurationVersions } from "./ListHostedConfigurationVersions.ts";
import { StartConfigurationSession } from "./StartConfigurationSession.ts";
import { StartDeployment } from "./StartDeployment.ts";
import { StopDeployment } from "./StopDeployment.ts";

/** AWS AppConfig and AppConfig Data, which share one name in signatures. */
export const appconfig: Service = {
  name: "appconfig",
  client: async () => ({
    ...(await import("@aws-sdk/client-appconfig")),
    ...(await import("@aws-sdk/client-appconfigdata")),
  }),
  operations: {
    CreateApplication,
    CreateConfigurationProfile,
    CreateDeploymentStrategy,
    CreateEnvironment,
    CreateHostedConfigurationVersion,
    GetConfigurationProfile,
    GetDeployment,
    GetDeploymentStrategy,
    GetEnvironment,
    GetHostedConfigurationVersion,
    GetLatestConfiguration,
    ListDeployments,
    ListHostedConfigurationVersions,
    StartConfigurationSession,
    StartDeployment,
    StopDeployment,
  },
};
