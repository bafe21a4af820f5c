import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { Sandbox } from "../../../sandbox/sandbox.ts";
import type { Scenario } from "../../../scenarios/scenario.ts";

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

const nothing = async () => undefined;

/** Flags, parameters and code without a service: what the plan beside this file changes. */
export const configuration: Scenario = {
  name: "configuration",
  summary: "nothing runs and nothing breaks: the contract suite calls the steps",
  async prepare(sandbox) {
    await new SecretsManagerClient(sandbox.clientConfig()).send(
      new CreateSecretCommand({
        Name: "flags/token",
        SecretString: JSON.stringify({ token: "flags-token-of-the-bench" }),
      }),
    );
    await parameters(sandbox);
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
