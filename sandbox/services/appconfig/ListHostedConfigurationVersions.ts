import type {
  HostedConfigurationVersions,
  ListHostedConfigurationVersionsCommandInput,
} from "@aws-sdk/client-appconfig";
import { operation } from "../../service.ts";
import { versionSummary } from "./answer.ts";
import { appConfigArn, profileOf } from "./state.ts";

const PAGE = 50;

/** Newest first. */
export const ListHostedConfigurationVersions = operation<
  ListHostedConfigurationVersionsCommandInput,
  HostedConfigurationVersions
>({
  authorize: ({ ApplicationId, ConfigurationProfileId }, { world }) => [
    {
      action: "appconfig:ListHostedConfigurationVersions",
      resources: [
        appConfigArn(world, "application", ApplicationId),
        appConfigArn(world, "application", ApplicationId, "configurationprofile", ConfigurationProfileId),
      ],
    },
  ],
  run: (input, { world }) => {
    const { ApplicationId = "", ConfigurationProfileId = "", VersionLabel, MaxResults = PAGE } = input;
    const wanted = (label: string | undefined) =>
      VersionLabel === undefined ||
      (VersionLabel.endsWith("*")
        ? label?.startsWith(VersionLabel.slice(0, -1)) === true
        : label === VersionLabel);
    const all = profileOf(world, ApplicationId, ConfigurationProfileId)
      .versions.filter(({ label }) => wanted(label))
      .toReversed();
    const from = Number(input.NextToken ?? 0);
    return {
      Items: all
        .slice(from, from + MaxResults)
        .map((version) => versionSummary(ApplicationId, ConfigurationProfileId, version)),
      ...(from + MaxResults < all.length ? { NextToken: String(from + MaxResults) } : {}),
    };
  },
});
