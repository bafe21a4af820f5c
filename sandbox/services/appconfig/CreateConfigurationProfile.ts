import type { ConfigurationProfile, CreateConfigurationProfileCommandInput } from "@aws-sdk/client-appconfig";
import { operation } from "../../service.ts";
import { notImplemented } from "../../world.ts";
import { appConfigArn, applicationOf, newId } from "./state.ts";

/** Of hosted configurations only. */
export const CreateConfigurationProfile = operation<
  CreateConfigurationProfileCommandInput,
  ConfigurationProfile
>({
  authorize: ({ ApplicationId }, { world }) => [
    {
      action: "appconfig:CreateConfigurationProfile",
      resources: [appConfigArn(world, "application", ApplicationId)],
    },
  ],
  run: (input, { world }) => {
    const { ApplicationId, Name = "", Description, LocationUri, Type = "AWS.Freeform" } = input;
    if (LocationUri !== "hosted" || (input.Validators ?? []).length > 0 || input.KmsKeyIdentifier)
      throw notImplemented("appconfig", "CreateConfigurationProfile of another store, validators or keys");
    const id = newId();
    applicationOf(world, ApplicationId).profiles.set(id, {
      id,
      name: Name,
      description: Description,
      type: Type,
      versions: [],
    });
    return { ApplicationId, Id: id, Name, Description, LocationUri, Type, Validators: [] };
  },
});
