import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { CreateRepositoryCommand, ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import { CreateClusterCommand, DescribeClusterCommand, EKSClient } from "@aws-sdk/client-eks";
import { ChangeResourceRecordSetsCommand, Route53Client } from "@aws-sdk/client-route-53";
import {
  CreateBucketCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { parseAllDocuments, stringify } from "yaml";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { until } from "../until.ts";
import { WORKFLOWS } from "./data.ts";
import { ADMIN, DATABASE, prepareDatabase } from "./database.ts";
import * as manifests from "./manifests.ts";

const HOST = "orchestrator.llm-orchestrator.internal";
const DATABASE_HOST = "db.llm-orchestrator.internal";
const ZONE = { id: "Z0ORCHESTRATOR", name: "llm-orchestrator.internal" };
/** Seconds; short, as a name that is meant to be moved in an incident should be. */
const TTL = 30;
const Bucket = "llm-orchestrator-manifests";

const secretText = () => randomBytes(18).toString("base64url");

interface Service {
  apiVersion: string;
  kind: string;
  metadata: never;
  status?: { loadBalancer?: { ingress?: { hostname: string }[] } };
}

/** Makes the service's world: cluster, database with its rows, secrets, saved manifests and names; and rolls 0.1.1 out. */
export async function prepareWorld(
  sandbox: Sandbox,
  { seed, say }: { seed: number; say(line: string): void },
) {
  const aws = sandbox.clientConfig();
  const passwords = { admin: secretText(), app: secretText() };
  const token = secretText();
  const [database] = await Promise.all([
    prepareDatabase(sandbox, seed, passwords),
    prepareCluster(sandbox),
    sandbox.createHostedZone(ZONE.name, ZONE.id),
  ]);
  say(`${DATABASE} is available with ${WORKFLOWS.toLocaleString("en")} workflows`);

  const secrets = new SecretsManagerClient(aws);
  const { port } = database;
  const keep = (Name: string, value: object) =>
    secrets.send(new CreateSecretCommand({ Name, SecretString: JSON.stringify(value) }));
  await keep("llm-orchestrator/database", { port, username: "app", password: passwords.app });
  await keep("llm-orchestrator/database-admin", { port, username: ADMIN, password: passwords.admin });
  await keep("llm-orchestrator/api-token", { token });

  const name = new Route53Client(aws);
  const record = (Name: string, Value: string) =>
    name.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: ZONE.id,
        ChangeBatch: {
          Changes: [
            {
              Action: "CREATE",
              ResourceRecordSet: { Name, Type: "CNAME", TTL, ResourceRecords: [{ Value }] },
            },
          ],
        },
      }),
    );
  await record(DATABASE_HOST, database.address);

  const { apply, get } = sandbox.cluster(manifests.CLUSTER);
  const { certPem, keyPem, caPem } = await sandbox.certificate([HOST]);
  await apply(manifests.configMap(manifests.GOOD_SETTINGS));
  await apply(
    manifests.secret({
      API_TOKEN: token,
      DATABASE_HOST,
      DATABASE_PORT: String(database.port),
      DATABASE_USER: "app",
      DATABASE_PASSWORD: passwords.app,
      DNS_SERVER: `${sandbox.dns.host}:${sandbox.dns.port}`,
      TLS_CERT: certPem,
      TLS_KEY: keyPem,
      CA: caPem,
    }),
  );
  for (const [image, version] of [
    [manifests.GOOD_IMAGE, "0.1.1"],
    [manifests.BAD_IMAGE, "0.2.0"],
  ] as const)
    sandbox.pushImage(image, {
      command: [process.execPath, fileURLToPath(new URL("app.ts", import.meta.url)), version],
    });
  await pushImages(sandbox);
  await apply(manifests.service);
  await apply(manifests.deployment(manifests.GOOD_IMAGE));
  await apply(manifests.autoscaler(3, 10));

  const s3 = new S3Client({ ...aws, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  /** What the pipeline does with each deployment: the config map as it applies it. */
  const saveSettings = (data: Record<string, string>) =>
    s3.send(
      new PutObjectCommand({
        Bucket,
        Key: "orchestrator-config.yaml",
        Body: stringify(manifests.configMap(data)),
      }),
    );
  await saveSettings(manifests.GOOD_SETTINGS);

  let hostname: string | undefined;
  await until("the load balancer", async () => {
    const { status } = await get<Service>("Service", manifests.NAMESPACE, manifests.NAME);
    hostname = status?.loadBalancer?.ingress?.[0]?.hostname;
    return hostname !== undefined;
  });
  await record(HOST, hostname!);
  const { address } = await sandbox.allocateHost(hostname!, [443]);
  return {
    host: HOST,
    withAdmin: database.withAdmin,
    restorable: database.restorable,
    saveSettings,
    load: { address, port: 443 + sandbox.portOffset, host: HOST, caPem, token },
  };
}

/** The registry's side of both images: each has its version as a tag, with and without a v. */
async function pushImages(sandbox: Sandbox): Promise<void> {
  const ecr = new ECRClient(sandbox.clientConfig());
  const repositoryName = manifests.NAME;
  await ecr.send(new CreateRepositoryCommand({ repositoryName }));
  for (const version of ["0.1.1", "0.2.0"]) {
    const imageManifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      layers: [],
      annotations: { "org.opencontainers.image.version": version },
    });
    for (const imageTag of [version, `v${version}`])
      await ecr.send(new PutImageCommand({ repositoryName, imageManifest, imageTag }));
  }
}

/** The cluster, its namespace, and what the watchdog's roles may do in it. */
async function prepareCluster(sandbox: Sandbox): Promise<void> {
  const eks = new EKSClient(sandbox.clientConfig());
  await eks.send(
    new CreateClusterCommand({
      name: manifests.CLUSTER,
      roleArn: `arn:aws:iam::${sandbox.account}:role/llm-production-cluster`,
      resourcesVpcConfig: { subnetIds: ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"] },
    }),
  );
  await until("the cluster to be active", async () => {
    const { cluster } = await eks.send(new DescribeClusterCommand({ name: manifests.CLUSTER }));
    return cluster?.status === "ACTIVE";
  });
  const { apply } = sandbox.cluster(manifests.CLUSTER);
  await apply(manifests.namespace);
  const text = await readFile(new URL("cluster-access.yaml", import.meta.url), "utf8");
  for (const document of parseAllDocuments(text)) {
    const object: unknown = document.toJS();
    if (object) await apply(object as object);
  }
}
