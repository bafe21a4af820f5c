import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { CreateDBInstanceCommand, DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import { ChangeResourceRecordSetsCommand, Route53Client } from "@aws-sdk/client-route-53";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import pg from "pg";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { until } from "../until.ts";
import type { AppSettings } from "./app.ts";
import { configure } from "./configuration.ts";
import { CONFIG, SEED } from "./data.ts";
import { createFunction } from "./function.ts";

const INSTANCE = "ai-chat-db";
const ADMIN = "chat_admin";
export const HOST = "chat.ai-chat.internal";
const ZONE = { id: "Z0AICHAT", name: "ai-chat.internal" };

const secretText = () => randomBytes(18).toString("base64url");

/** Makes the service's world: users in a database, flags, settings, code, names and secrets. */
export async function prepareWorld(sandbox: Sandbox, say: (line: string) => void) {
  const aws = sandbox.clientConfig();
  const password = secretText();
  const token = secretText();
  const database = createDatabase(new RDSClient(aws), password);

  sandbox.createAppConfigApplication(CONFIG);
  await Promise.all([configure(sandbox, "stable"), createFunction(sandbox)]);
  const secrets = new SecretsManagerClient(aws);
  const secret = (Name: string, value: object) =>
    secrets.send(new CreateSecretCommand({ Name, SecretString: JSON.stringify(value) }));
  await secret("ai-chat/api-token", { token });
  await secret("ai-chat/database-admin", { username: ADMIN, password });

  await database;
  const { host, port, caFile } = sandbox.databaseConnection(INSTANCE);
  const connection = {
    host,
    port,
    user: ADMIN,
    password,
    database: "chat",
    ssl: { ca: await readFile(caFile, "utf8") },
  };
  const withDatabase = async <Result>(use: (client: pg.Client) => Promise<Result>): Promise<Result> => {
    const client = new pg.Client({
      ...connection,
      ssl: { ...connection.ssl, checkServerIdentity: () => undefined },
    });
    await client.connect();
    try {
      return await use(client);
    } finally {
      await client.end();
    }
  };
  await withDatabase(async (client) => {
    for (const statement of SEED) await client.query(statement);
  });
  say(`${INSTANCE} is available, with the users and their counters`);

  const { address } = await sandbox.allocateHost(HOST, [443]);
  await sandbox.createHostedZone(ZONE.name, ZONE.id);
  await new Route53Client(aws).send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: ZONE.id,
      ChangeBatch: {
        Changes: [
          {
            Action: "CREATE",
            ResourceRecordSet: { Name: HOST, Type: "A", TTL: 30, ResourceRecords: [{ Value: address }] },
          },
        ],
      },
    }),
  );
  const certificate = await sandbox.certificate([HOST]);
  const app: Omit<AppSettings, "clock"> = {
    address,
    port: 443 + sandbox.portOffset,
    ...certificate,
    endpoint: sandbox.endpoint,
    credentials: sandbox.adminCredentials,
    token,
    database: connection,
  };
  return { app, caPem: certificate.caPem, withDatabase };
}

async function createDatabase(rds: RDSClient, MasterUserPassword: string): Promise<void> {
  await rds.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: INSTANCE,
      DBInstanceClass: "db.t4g.medium",
      Engine: "postgres",
      DBName: "chat",
      MasterUsername: ADMIN,
      MasterUserPassword,
      AllocatedStorage: 20,
      StorageEncrypted: true,
      BackupRetentionPeriod: 7,
      DeletionProtection: true,
    }),
  );
  await until(`${INSTANCE} to become available`, async () => {
    const { DBInstances } = await rds.send(
      new DescribeDBInstancesCommand({ DBInstanceIdentifier: INSTANCE }),
    );
    return DBInstances?.[0]?.DBInstanceStatus === "available";
  });
}
