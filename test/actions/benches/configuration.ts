import {
  AppConfigClient,
  CreateHostedConfigurationVersionCommand,
  StartDeploymentCommand,
} from "@aws-sdk/client-appconfig";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { Sandbox } from "../../../sandbox/sandbox.ts";
import type { Scenario } from "../../../scenarios/scenario.ts";
import { publishFunction } from "./alias.ts";
import { FLAG_TOKEN, startFlagService } from "./flag-service.ts";

export const PARAMETER = "/chat/retry/attempts";
export const SECURE_PARAMETER = "/chat/provider/key";

/** A value, and a later one over it. */
async function parameters(sandbox: Sandbox): Promise<void> {
  const ssm = new SSMClient(sandbox.clientConfig());
  for (const [Name, Type, values] of [
    [PARAMETER, "String", ["2", "3"]],
    [SECURE_PARAMETER, "SecureString", ["the provider's old key", "the provider's new key"]],
  ] as const)
    for (const [index, Value] of values.entries())
      await ssm.send(new PutParameterCommand({ Name, Type, Value, Overwrite: index > 0 }));
}

export const FLAG = {
  application: "chatapp",
  environment: "prodenv",
  profile: "flags01",
  strategy: "atonce1",
  flag: "retry-logic",
};
export const CONFIG = {
  application: "chatapp",
  environment: "workenv",
  profile: "conf001",
  strategy: "atonce1",
};

/** A new version, deployed: at once, or with a strategy that takes its time. */
export async function deploy(
  sandbox: Sandbox,
  { application, environment, profile }: Omit<typeof CONFIG, "strategy">,
  content: object,
  strategy = "atonce1",
): Promise<number> {
  const client = new AppConfigClient(sandbox.clientConfig());
  const profileIds = { ApplicationId: application, ConfigurationProfileId: profile };
  const { VersionNumber } = await client.send(
    new CreateHostedConfigurationVersionCommand({
      ...profileIds,
      Content: Buffer.from(JSON.stringify(content)),
      ContentType: "application/json",
    }),
  );
  const { DeploymentNumber } = await client.send(
    new StartDeploymentCommand({
      ...profileIds,
      EnvironmentId: environment,
      ConfigurationVersion: String(VersionNumber),
      DeploymentStrategyId: strategy,
    }),
  );
  return DeploymentNumber!;
}

export const flags = (enabled: boolean) => ({
  version: "1",
  flags: {
    "retry-logic": {
      name: "Retry logic",
      attributes: {
        rolloutPercent: { constraints: { type: "number", minimum: 0, maximum: 100 } },
        disabledModels: { constraints: { type: "array", elements: { type: "string" } } },
      },
    },
  },
  values: { "retry-logic": { enabled, rolloutPercent: 50, disabledModels: ["tiny"] } },
});

async function appConfig(sandbox: Sandbox): Promise<void> {
  sandbox.createAppConfigApplication({
    application: { id: FLAG.application, name: "chat" },
    environments: [
      { id: FLAG.environment, name: "production" },
      { id: CONFIG.environment, name: "workers" },
    ],
    profiles: [
      { id: FLAG.profile, name: "flags", type: "AWS.AppConfig.FeatureFlags" },
      { id: CONFIG.profile, name: "settings" },
    ],
    strategies: [{ id: FLAG.strategy, name: "at once" }],
  });
  await deploy(sandbox, FLAG, flags(true));
  for (const attempts of [2, 3]) await deploy(sandbox, CONFIG, { attempts });
}

const nothing = async () => undefined;

/** Flags, parameters and code without a service: what the plan beside this file changes. */
export const configuration: Scenario = {
  name: "configuration",
  summary: "nothing runs and nothing breaks: the contract suite calls the steps",
  async prepare(sandbox) {
    await new SecretsManagerClient(sandbox.clientConfig()).send(
      new CreateSecretCommand({
        Name: "flags/token",
        SecretString: JSON.stringify({ token: FLAG_TOKEN }),
      }),
    );
    await parameters(sandbox);
    await appConfig(sandbox);
    await startFlagService(sandbox);
    await publishFunction(sandbox);
    return {
      url: "",
      warmUp: nothing,
      announceVersion: nothing,
      release: async () => [],
      figures: () => ({ errorRate: undefined, requestsPerSecond: 0 }),
      expectations: async () => [],
      stop: nothing,
    };
  },
};
