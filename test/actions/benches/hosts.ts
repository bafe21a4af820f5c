import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Sandbox } from "../../../sandbox/sandbox.ts";
import type { Scenario } from "../../../scenarios/scenario.ts";

export const INSTANCE = "i-0be9c4a2d1f03e857";
export const ENVIRONMENT = "/opt/tunnel/.env";

/** A host with one service, whose environment file a release has changed. */
async function host(sandbox: Sandbox): Promise<void> {
  const { folder, init } = await sandbox.createHost({
    instanceId: INSTANCE,
    name: "tunnel.bench",
    ports: [],
  });
  const write = (path: string, text: string) => writeFileSync(join(folder, path), text);
  mkdirSync(join(folder, "opt/tunnel"));
  write(ENVIRONMENT, "BRIDGE_TOKEN=bench-token-of-the-release\n");
  write(`${ENVIRONMENT}.backup`, "BRIDGE_TOKEN=bench-token-from-before\n");
  write(
    "etc/systemd/system/tunnel.service",
    `[Service]\nWorkingDirectory=/opt/tunnel\nEnvironmentFile=${ENVIRONMENT}\nExecStart=sleep 100000\n`,
  );
  await init.systemctl(["start", "tunnel"]);
}

const nothing = async () => undefined;

/** A host and what clients are updated from: what the plan beside this file changes. */
export const hosts: Scenario = {
  name: "hosts",
  summary: "nothing breaks: the contract suite calls the steps",
  async prepare(sandbox) {
    await new SecretsManagerClient(sandbox.clientConfig()).send(
      new CreateSecretCommand({
        Name: "tunnel/token",
        SecretString: JSON.stringify({ token: "bench-token-from-before" }),
      }),
    );
    await host(sandbox);
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
