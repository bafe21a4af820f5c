import { readFile } from "node:fs/promises";
import { CreateDBInstanceCommand, DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import pg from "pg";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { until } from "../until.ts";
import { seedStatements } from "./data.ts";

export const DATABASE = "orchestrator-db";
export const ADMIN = "orch_admin";

export type WithAdmin = <Result>(
  instance: string,
  use: (client: pg.Client) => Promise<Result>,
) => Promise<Result>;

/** The orchestrator's RDS instance with its rows; and a way in for its administrator. */
export async function prepareDatabase(
  sandbox: Sandbox,
  seed: number,
  passwords: { admin: string; app: string },
) {
  const rds = new RDSClient(sandbox.clientConfig());
  await rds.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: DATABASE,
      DBInstanceClass: "db.t4g.medium",
      Engine: "postgres",
      DBName: "orchestrator",
      MasterUsername: ADMIN,
      MasterUserPassword: passwords.admin,
      AllocatedStorage: 50,
      DeletionProtection: true,
      BackupRetentionPeriod: 7,
      Tags: [{ Key: "Environment", Value: "production" }],
    }),
  );
  let endpoint: { address: string; port: number } | undefined;
  const find = async () => {
    const { DBInstances } = await rds.send(
      new DescribeDBInstancesCommand({ DBInstanceIdentifier: DATABASE }),
    );
    return DBInstances?.[0];
  };
  await until(`${DATABASE} to become available`, async () => {
    const found = await find();
    if (found?.DBInstanceStatus !== "available" || !found.Endpoint?.Address) return false;
    endpoint = { address: found.Endpoint.Address, port: found.Endpoint.Port ?? 5432 };
    return true;
  });
  const withAdmin: WithAdmin = async (instance, use) => {
    const { host, port, caFile } = sandbox.databaseConnection(instance);
    const ssl = { ca: await readFile(caFile, "utf8"), checkServerIdentity: () => undefined };
    const login = { user: ADMIN, password: passwords.admin, database: "orchestrator" };
    const client = new pg.Client({ host, port, ...login, ssl });
    client.on("error", () => undefined); // a server that stops fails the query under way; that says it
    await client.connect();
    try {
      return await use(client);
    } finally {
      await client.end();
    }
  };
  await withAdmin(DATABASE, async (client) => {
    await client.query(`CREATE ROLE app LOGIN PASSWORD ${pg.escapeLiteral(passwords.app)}`);
    for (const statement of seedStatements(seed)) await client.query(statement);
  });
  const restorable = async () => (await find())?.LatestRestorableTime !== undefined;
  return { ...endpoint!, withAdmin, restorable };
}
