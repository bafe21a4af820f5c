import type {
  GetLatestConfigurationCommandInput,
  GetLatestConfigurationResponse,
} from "@aws-sdk/client-appconfigdata";
import { operation, ServiceException } from "../../service.ts";
import { FEATURE_FLAGS, servedFlags } from "./feature-flags.ts";
import { serving } from "./progress.ts";
import { configurationArn, openSession, sessionOf } from "./sessions.ts";
import { appConfigState, environmentOf, profileOf, versionOf } from "./state.ts";

/** What this client has to work with now; empty when it has it already. */
export const GetLatestConfiguration = operation<
  GetLatestConfigurationCommandInput,
  Omit<GetLatestConfigurationResponse, "Configuration"> & { Configuration: Uint8Array }
>({
  authorize: ({ ConfigurationToken }, { world }) => [
    {
      action: "appconfig:GetLatestConfiguration",
      resources: [configurationArn(world, sessionOf(world, ConfigurationToken))],
    },
  ],
  run: ({ ConfigurationToken }, { world }) => {
    const session = sessionOf(world, ConfigurationToken);
    const { deployments } = environmentOf(world, session.applicationId, session.environmentId);
    const profile = profileOf(world, session.applicationId, session.profileId);
    const found = serving(deployments, profile.id, world.clock.now()).find(
      ({ percentage }) => session.place < percentage,
    );
    if (!found)
      throw new ServiceException(
        "ResourceNotFoundException",
        `No configuration of profile ${profile.id} is deployed to environment ${session.environmentId}`,
        { status: 404 },
      );
    appConfigState(world).sessions.delete(ConfigurationToken!);
    const { content, contentType, label } = versionOf(profile, found.version);
    const known = session.version === found.version;
    return {
      NextPollConfigurationToken: openSession(world, { ...session, version: found.version }),
      NextPollIntervalInSeconds: session.minimumPollSeconds,
      ContentType: contentType,
      Configuration: known
        ? Buffer.alloc(0)
        : profile.type === FEATURE_FLAGS
          ? servedFlags(content)
          : content,
      ...(known || label === undefined ? {} : { VersionLabel: label }),
    };
  },
});
