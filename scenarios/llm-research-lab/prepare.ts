import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { CreateDBSubnetGroupCommand, RDSClient } from "@aws-sdk/client-rds";
import { ChangeResourceRecordSetsCommand, Route53Client } from "@aws-sdk/client-route-53";
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import pg from "pg";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import type { Expectation } from "../scenario.ts";
import type { AppSettings } from "./app.ts";
import { ROWS, seedStatements, TABLES } from "./data.ts";
import type { LabDatabase, LabNetwork } from "./database.ts";
import { startProvider } from "./provider.ts";

/** Where rows that were written after the restore point are exported to. */
const BUCKET = "llm-research-backups";
const ADMIN = "research_admin";
const API_HOST = "api.llm-research.internal";
/** Names by which the service knows its database. */
const NAMES = { writer: "db.llm-research.internal", readers: "db-ro.llm-research.internal" };
const ZONE = { id: "Z0RESEARCHLAB", name: "llm-research.internal" };
/** Seconds; short, as a name that is meant to be moved in an incident should be. */
const TTL = 30;

const secretText = () => randomBytes(18).toString("base64url");

/** Makes the service's world: network, database with its rows, secrets, names, and the provider it depends on. */
export async function prepareWorld(
  sandbox: Sandbox,
  database: LabDatabase,
  { seed, say }: { seed: number; say(line: string): void },
) {
  const aws = sandbox.clientConfig();
  const rds = new RDSClient(aws);
  const secrets = new SecretsManagerClient(aws);
  const passwords = { admin: secretText(), app: secretText() };
  const keys = { right: secretText(), wrong: secretText() };

  const network = await createNetwork(rds, new EC2Client(aws));
  const endpoints = await database.create(rds, { network, user: ADMIN, password: passwords.admin });
  say(`${database.id} is available at ${endpoints.address}:${endpoints.port}`);

  const withAdmin = async <Result>(
    id: string,
    use: (client: pg.Client) => Promise<Result>,
  ): Promise<Result> => {
    const { host, port, caFile } = sandbox.databaseConnection(id);
    const ssl = { ca: await readFile(caFile, "utf8"), checkServerIdentity: () => undefined };
    const client = new pg.Client({
      host,
      port,
      user: ADMIN,
      password: passwords.admin,
      database: "research",
      ssl,
    });
    client.on("error", () => undefined); // a server that stops fails the query under way; that says it
    await client.connect();
    try {
      return await use(client);
    } finally {
      await client.end();
    }
  };
  await withAdmin(database.id, async (client) => {
    await client.query(`CREATE ROLE app LOGIN PASSWORD ${pg.escapeLiteral(passwords.app)}`);
    for (const statement of seedStatements(seed)) await client.query(statement);
  });
  const rows = TABLES.reduce((sum, table) => sum + ROWS[table], 0);
  say(`${rows.toLocaleString("en")} rows in ${TABLES.length} tables`);

  const login = { port: endpoints.port, dbname: "research" };
  const secret = (Name: string, value: object) =>
    secrets.send(new CreateSecretCommand({ Name, SecretString: JSON.stringify(value) }));
  await secret("llm-research/database", { ...login, username: "app", password: passwords.app });
  await secret("llm-research/database-admin", { ...login, username: ADMIN, password: passwords.admin });
  const token = secretText();
  await secret("llm-research/api-token", { token });
  // The key was rotated once before, as keys are: the release finds a secret with a previous version.
  await secret("llm-research/provider-key", { key: secretText() });
  await secrets.send(
    new PutSecretValueCommand({
      SecretId: "llm-research/provider-key",
      SecretString: JSON.stringify({ key: keys.right }),
    }),
  );

  const s3 = new S3Client({ ...aws, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));

  await sandbox.createHostedZone(ZONE.name, ZONE.id);
  const host = await sandbox.allocateHost(API_HOST, [443]);
  const record = (Name: string, Type: "A" | "CNAME", Value: string) => ({
    Action: "CREATE" as const,
    ResourceRecordSet: { Name, Type, TTL, ResourceRecords: [{ Value }] },
  });
  await new Route53Client(aws).send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: ZONE.id,
      ChangeBatch: {
        Changes: [
          record(NAMES.writer, "CNAME", endpoints.address),
          ...(endpoints.readers ? [record(NAMES.readers, "CNAME", endpoints.readers)] : []),
          record(API_HOST, "A", host.address),
        ],
      },
    }),
  );
  const provider = await startProvider(keys.right);
  const certificate = await sandbox.certificate([API_HOST]);

  const app: Omit<AppSettings, "clock"> = {
    address: host.address,
    port: 443 + sandbox.portOffset,
    ...certificate,
    dns: sandbox.dns,
    endpoint: sandbox.endpoint,
    credentials: sandbox.adminCredentials,
    token,
    providerUrl: provider.url,
    databaseName: NAMES.writer,
    ...(endpoints.readers ? { readerName: NAMES.readers } : {}),
  };

  return {
    apiHost: API_HOST,
    app,
    wrongKey: keys.wrong,
    withAdmin,
    close: provider.close,

    /** The experiments that were exported, by name. */
    async exportedExperiments(): Promise<Map<string, { model_id: number; metrics: unknown }>> {
      const { Contents = [] } = await s3.send(
        new ListObjectsV2Command({ Bucket: BUCKET, Prefix: "reconciliation/" }),
      );
      const found = new Map<string, { model_id: number; metrics: unknown }>();
      for (const { Key } of Contents.filter((each) => each.Key!.includes("/rows/public.experiments/"))) {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
        const lines = gunzipSync(await Body!.transformToByteArray())
          .toString()
          .trimEnd()
          .split("\n");
        for (const line of lines) {
          const row = JSON.parse(line) as { name: string; model_id: number; metrics: unknown };
          found.set(row.name, row);
        }
      }
      return found;
    },

    /** The right key is current again and the wrong one was kept, not deleted. */
    async keyIsBack(): Promise<Expectation> {
      const SecretId = "llm-research/provider-key";
      const current = await secrets.send(new GetSecretValueCommand({ SecretId }));
      const { Versions } = await secrets.send(
        new ListSecretVersionIdsCommand({ SecretId, IncludeDeprecated: true }),
      );
      const right = JSON.parse(current.SecretString ?? "{}").key === keys.right;
      return {
        text: "the provider key is the one from before the release, and no version was deleted",
        held: right && Versions?.length === 3,
        detail: `${right ? "right key current" : "wrong key current"}, ${Versions?.length} versions kept`,
      };
    },

    /** The service itself moved to the restored database; no session of it is left on the old one. */
    async serviceFollowed(restored: string): Promise<Expectation> {
      const sessionsOn = (server: string) =>
        withAdmin(server, async (client) => {
          const { rows: found } = await client.query(
            "SELECT count(*)::int AS sessions FROM pg_stat_activity WHERE usename = 'app'",
          );
          return found[0].sessions as number;
        });
      const sessions = async (id: string) => {
        const each = await Promise.all((await database.servers(rds, id)).map(sessionsOn));
        // On some of them alone it would not have followed.
        return { least: Math.min(...each), sum: each.reduce((sum, one) => sum + one, 0) };
      };
      const [there, here] = [await sessions(restored), await sessions(database.id)];
      return {
        text: "the service followed the DNS change without a restart",
        held: there.least > 0 && here.sum === 0,
        detail: `${there.sum} sessions on ${restored}, ${here.sum} on ${database.id}`,
      };
    },
  };
}

/** Where the database stands, made before it. */
async function createNetwork(rds: RDSClient, ec2: EC2Client): Promise<LabNetwork> {
  const group = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: "research-db", Description: "research database" }),
  );
  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: group.GroupId,
      IpPermissions: [
        { IpProtocol: "tcp", FromPort: 5432, ToPort: 5432, IpRanges: [{ CidrIp: "10.0.0.0/8" }] },
      ],
    }),
  );
  await rds.send(
    new CreateDBSubnetGroupCommand({
      DBSubnetGroupName: "research-private",
      DBSubnetGroupDescription: "private subnets of the research lab",
      SubnetIds: ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"],
    }),
  );
  return {
    securityGroup: group.GroupId!,
    subnetGroup: "research-private",
    tags: [
      { Key: "Environment", Value: "production" },
      { Key: "Team", Value: "research" },
    ],
  };
}
