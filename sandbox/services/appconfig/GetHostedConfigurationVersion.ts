import type {
  GetHostedConfigurationVersionCommandInput,
  HostedConfigurationVersion,
} from "@aws-sdk/client-appconfig";
import { operation } from "../../service.ts";
import { versionSummary } from "./answer.ts";
import { appConfigArn, profileOf, versionOf } from "./state.ts";

export const GetHostedConfigurationVersion = operation<
  GetHostedConfigurationVersionCommandInput,
  HostedConfigurationVersion
>({
  authorize: ({ ApplicationId, ConfigurationProfileId, VersionNumber }, { world }) => {
    const profile = ["application", ApplicationId, "configurationprofile", ConfigurationProfileId];
    return [
      {
        action: "appconfig:GetHostedConfigurationVersion",
        resources: [
          appConfigArn(world, "application", ApplicationId),
          appConfigArn(world, ...profile),
          appConfigArn(world, ...profile, "hostedconfigurationversion", VersionNumber),
        ],
      },
    ];
  },
  run: ({ ApplicationId = "", ConfigurationProfileId = "", VersionNumber }, { world }) => {
    const version = versionOf(profileOf(world, ApplicationId, ConfigurationProfileId), VersionNumber);
    return {
      ...versionSummary(ApplicationId, ConfigurationProfileId, version),
      Content: version.content,
    };
  },
});
