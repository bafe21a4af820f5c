import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CreateBucketCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
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

export const UPDATES = "tunnel-updates";
export const RELEASES = "tunnel-releases";
export const MANIFEST = "updates/version.json";
export const STATE = "terraform/tunnel.tfstate";
export const DISTRIBUTION = "EBENCHTUNNEL1";
const FILE = "tunnel-linux.AppImage";

/** Two releases with their files, a manifest that went from one to the other, and a state file of two versions. */
async function buckets(sandbox: Sandbox): Promise<void> {
  const s3 = new S3Client({ ...sandbox.clientConfig(), forcePathStyle: true });
  for (const Bucket of [UPDATES, RELEASES]) {
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  }
  const put = (Bucket: string, Key: string, Body: string, ContentType = "application/json") =>
    s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType, CacheControl: "max-age=300" }));
  for (const version of ["3.10.2", "3.11.0"]) {
    const body = `the client ${version}`;
    const sum = createHash("sha256").update(body).digest("hex");
    await put(RELEASES, `v${version}/${FILE}`, body, "application/octet-stream");
    await put(RELEASES, `v${version}/SHA256SUMS`, `${sum}  ${FILE}\n`, "text/plain");
    await put(UPDATES, MANIFEST, JSON.stringify({ version, url: `https://releases.bench/v${version}/` }));
    await put(UPDATES, STATE, JSON.stringify({ serial: version }));
  }
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
    await buckets(sandbox);
    await sandbox.createDistribution({ id: DISTRIBUTION, bucket: UPDATES, aliases: ["updates.bench"] });
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
