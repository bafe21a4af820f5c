import type {
  CreateHostedConfigurationVersionCommandInput,
  HostedConfigurationVersion,
} from "@aws-sdk/client-appconfig";
import { operation, ServiceException } from "../../service.ts";
import { versionSummary } from "./answer.ts";
import { FEATURE_FLAGS, validateFlags } from "./feature-flags.ts";
import { appConfigArn, badRequest, conflict, profileOf } from "./state.ts";

/** https://docs.aws.amazon.com/general/latest/gr/appconfig.html */
const LONGEST_BYTES = 2 * 1024 * 1024;

export const CreateHostedConfigurationVersion = operation<
  CreateHostedConfigurationVersionCommandInput & { Content: Uint8Array },
  HostedConfigurationVersion
>({
  authorize: ({ ApplicationId, ConfigurationProfileId }, { world }) => [
    {
      action: "appconfig:CreateHostedConfigurationVersion",
      resources: [
        appConfigArn(world, "application", ApplicationId),
        appConfigArn(world, "application", ApplicationId, "configurationprofile", ConfigurationProfileId),
      ],
    },
  ],
  run: (input, { world }) => {
    const { ApplicationId = "", ConfigurationProfileId = "", Content, ContentType = "" } = input;
    const profile = profileOf(world, ApplicationId, ConfigurationProfileId);
    if (Content.length > LONGEST_BYTES)
      throw new ServiceException("PayloadTooLargeException", "The configuration is too large", {
        status: 413,
      });
    const latest = profile.versions.at(-1)?.number ?? 0;
    if (input.LatestVersionNumber !== undefined && input.LatestVersionNumber !== latest)
      throw conflict(
        `LatestVersionNumber ${input.LatestVersionNumber} is not the latest version number ${latest}`,
      );
    if (input.VersionLabel !== undefined && !/[^0-9]/.test(input.VersionLabel))
      throw badRequest("VersionLabel must have a character that is no digit");
    if (input.VersionLabel && profile.versions.some(({ label }) => label === input.VersionLabel))
      throw conflict(`VersionLabel ${input.VersionLabel} is in use already`);
    if (profile.type === FEATURE_FLAGS) validateFlags(Content);
    const version = {
      number: latest + 1,
      content: Content,
      contentType: ContentType,
      label: input.VersionLabel,
      description: input.Description,
    };
    profile.versions.push(version);
    return { ...versionSummary(ApplicationId, ConfigurationProfileId, version), Content };
  },
});
