import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import {
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import pg from "pg";
import type { Sandbox } from "../../../sandbox/sandbox.ts";
import type { RunningScenario, Scenario } from "../../../scenarios/scenario.ts";
import { until } from "../../../scenarios/until.ts";

export const INSTANCE = "orders-db";
/** An Aurora cluster beside it, and its one instance. */
export const AURORA = "orders-cluster";
export const AURORA_WRITER = "orders-cluster-1";
export const DATABASE = "orders";
export const BUCKET = "orders-backups";
export const SECRET = "orders/database-admin";
const ADMIN = "orders_admin";
const PASSWORD = randomBytes(12).toString("base64url");

const ROWS = `
CREATE TABLE schema_migrations (version text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now());
INSERT INTO schema_migrations (version) VALUES ('001'), ('002');
CREATE TABLE orders (id bigint PRIMARY KEY, total numeric(10,2) NOT NULL, note text, discount int);
INSERT INTO orders SELECT i, i * 1.25, repeat('x', i % 5), i % 7 FROM generate_series(1, 200) i;
CREATE TABLE coupons (code text PRIMARY KEY, percent int NOT NULL);
INSERT INTO coupons VALUES ('spring', 10), ('summer', 20);
CREATE TABLE counters (owner text, day date, used int NOT NULL, PRIMARY KEY (owner, day));
INSERT INTO counters SELECT 'o' || i, date '2026-01-01' + i, i * CASE WHEN i % 7 = 0 THEN -1 ELSE 1 END FROM generate_series(1, 20) i;`;

/** One small database and the secret of its administrator; nothing runs and nothing is broken. */
export const scenario: Scenario = {
  name: "databases",
  summary: "A small database for the contract of the database actions",
  async prepare(sandbox): Promise<RunningScenario> {
    const rds = new RDSClient(sandbox.clientConfig());
    await rds.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: INSTANCE,
        DBInstanceClass: "db.t4g.micro",
        Engine: "postgres",
        DBName: DATABASE,
        MasterUsername: ADMIN,
        MasterUserPassword: PASSWORD,
        AllocatedStorage: 20,
        BackupRetentionPeriod: 1,
      }),
    );
    await rds.send(
      new CreateDBClusterCommand({
        DBClusterIdentifier: AURORA,
        Engine: "aurora-postgresql",
        MasterUsername: ADMIN,
        MasterUserPassword: PASSWORD,
      }),
    );
    await until(`${AURORA} to become available`, async () => {
      const { DBClusters } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: AURORA }));
      return DBClusters?.[0]?.Status === "available";
    });
    await rds.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: AURORA_WRITER,
        DBClusterIdentifier: AURORA,
        Engine: "aurora-postgresql",
        DBInstanceClass: "db.r6g.large",
      }),
    );
    await until(`${INSTANCE} and ${AURORA_WRITER} to become available`, async () => {
      const { DBInstances = [] } = await rds.send(new DescribeDBInstancesCommand({}));
      return DBInstances.every(({ DBInstanceStatus }) => DBInstanceStatus === "available");
    });
    await onDatabase(sandbox, (client) => client.query(ROWS));
    await new SecretsManagerClient(sandbox.clientConfig()).send(
      new CreateSecretCommand({
        Name: SECRET,
        SecretString: JSON.stringify({ username: ADMIN, password: PASSWORD }),
      }),
    );
    await s3Of(sandbox).send(new CreateBucketCommand({ Bucket: BUCKET }));
    return {
      url: "",
      warmUp: async () => undefined,
      announceVersion: async () => undefined,
      release: async () => [],
      figures: () => ({ errorRate: undefined, requestsPerSecond: 0 }),
      expectations: async () => [],
      stop: async () => undefined,
    };
  },
};

/** Where the instance answers. */
export async function endpointOf(sandbox: Sandbox): Promise<string> {
  const { DBInstances } = await new RDSClient(sandbox.clientConfig()).send(
    new DescribeDBInstancesCommand({ DBInstanceIdentifier: INSTANCE }),
  );
  return DBInstances![0]!.Endpoint!.Address!;
}

export const s3Of = (sandbox: Sandbox) => new S3Client({ ...sandbox.clientConfig(), forcePathStyle: true });

/** Uses the database as its administrator, beside the watchdog. */
export async function onDatabase<Result>(
  sandbox: Sandbox,
  use: (client: pg.Client) => Promise<Result>,
  { instance = INSTANCE, database = DATABASE }: { instance?: string; database?: string } = {},
): Promise<Result> {
  const { host, port, caFile } = sandbox.databaseConnection(instance);
  const ssl = { ca: await readFile(caFile, "utf8"), checkServerIdentity: () => undefined };
  const client = new pg.Client({ host, port, user: ADMIN, password: PASSWORD, database, ssl });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** Every row of the tables, as text, and the tables and columns there are: what an action could have changed. */
export async function everything(sandbox: Sandbox): Promise<Record<string, unknown>> {
  return onDatabase(sandbox, async (client) => {
    const { rows: columns } = await client.query(
      `SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2`,
    );
    const found: Record<string, unknown> = { columns };
    // A column that went and came back is the last one now: names in order, not places.
    for (const table of new Set(columns.map(({ table_name }) => table_name as string)))
      found[table] = (
        await client.query(`SELECT to_jsonb(t)::text AS row FROM ${pg.escapeIdentifier(table)} t ORDER BY 1`)
      ).rows.map(({ row }) => row);
    return found;
  });
}
