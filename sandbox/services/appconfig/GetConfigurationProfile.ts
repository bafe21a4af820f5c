import type { ConfigurationProfile, GetConfigurationProfileCommandInput } from "@aws-sdk/client-appconfig";
import { operation } from "../../service.ts";
import { appConfigArn, profileOf } from "./state.ts";

export const GetConfigurationProfile = operation<GetConfigurationProfileCommandInput, ConfigurationProfile>({
  authorize: ({ ApplicationId, ConfigurationProfileId }, { world }) => [
    {
      action: "appconfig:GetConfigurationProfile",
      resources: [
        appConfigArn(world, "application", ApplicationId),
        appConfigArn(world, "application", ApplicationId, "configurationprofile", ConfigurationProfileId),
      ],
    },
  ],
  run: ({ ApplicationId, ConfigurationProfileId }, { world }) => {
    const { id, name, description, type } = profileOf(world, ApplicationId, ConfigurationProfileId);
    return {
      ApplicationId,
      Id: id,
      Name: name,
      Description: description,
      LocationUri: "hosted",
      Type: type,
      Validators: [],
    };
  },
});
