import {
  AppConfigClient,
  CreateHostedConfigurationVersionCommand,
  StartDeploymentCommand,
} from "@aws-sdk/client-appconfig";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { CONFIG, flags, MINIMUM_LENGTH, SETTINGS } from "./data.ts";

/** A new version of a profile, deployed to everybody at once. */
async function deploy(sandbox: Sandbox, ConfigurationProfileId: string, content: object): Promise<void> {
  const client = new AppConfigClient(sandbox.clientConfig());
  const profile = { ApplicationId: CONFIG.application.id, ConfigurationProfileId };
  const { VersionNumber } = await client.send(
    new CreateHostedConfigurationVersionCommand({
      ...profile,
      Content: Buffer.from(JSON.stringify(content)),
      ContentType: "application/json",
    }),
  );
  await client.send(
    new StartDeploymentCommand({
      ...profile,
      EnvironmentId: CONFIG.environments[0]!.id,
      ConfigurationVersion: String(VersionNumber),
      DeploymentStrategyId: CONFIG.strategies[0]!.id,
    }),
  );
}

/** Flags, settings and the parameter, as one of the two releases wants them. */
export async function configure(sandbox: Sandbox, release: "stable" | "broken"): Promise<void> {
  await deploy(sandbox, "flags01", flags(release === "broken"));
  await deploy(sandbox, "sets001", SETTINGS[release]);
  await new SSMClient(sandbox.clientConfig()).send(
    new PutParameterCommand({
      Name: MINIMUM_LENGTH.name,
      Value: MINIMUM_LENGTH[release],
      Type: "String",
      Overwrite: release === "broken",
    }),
  );
}
