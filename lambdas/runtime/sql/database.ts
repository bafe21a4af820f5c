import { DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import type pg from "pg";
import { clientSettings, once } from "../clients.ts";
import { refusal } from "../errors.ts";
import { withDatabase } from "../postgres.ts";
import { secretMembers } from "../secret-value.ts";

const rds = once(() => new RDSClient(clientSettings));

/** Where a database server answers. */
export interface Endpoint {
  address: string;
  port: number;
}

/** The endpoint of an RDS instance now. */
export async function endpointOf(instance: string): Promise<Endpoint> {
  const { DBInstances } = await rds().send(
    new DescribeDBInstancesCommand({ DBInstanceIdentifier: instance }),
  );
  const { Address, Port } = DBInstances?.[0]?.Endpoint ?? {};
  if (!Address || !Port)
    throw refusal(
      `${instance} has no endpoint (it is ${DBInstances?.[0]?.DBInstanceStatus ?? "not there"}), so its database cannot be reached. Nothing was changed. Bring it up first.`,
    );
  return { address: Address, port: Port };
}

/** A database, and the secret with the login to it. */
interface Entrance {
  database: string;
  secret: string;
}

/** Opens a connection with the secret's user; `statementSeconds` is the server's own limit for each statement. */
export const connected = <Result>(
  entrance: Entrance,
  endpoint: Endpoint,
  statementSeconds: number,
  use: (client: pg.Client) => Promise<Result>,
): Promise<Result> => open("watchdog", entrance, endpoint, statementSeconds, use);

/** The same for statements of the plan, which find names where the secret's user does. */
export const connectedForPlan = <Result>(
  entrance: Entrance,
  endpoint: Endpoint,
  statementSeconds: number,
  use: (client: pg.Client) => Promise<Result>,
): Promise<Result> => open("plan", entrance, endpoint, statementSeconds, use);

async function open<Result>(
  statements: "watchdog" | "plan",
  { database, secret }: Entrance,
  { address, port }: Endpoint,
  statementSeconds: number,
  use: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const { username = "", password = "" } = await secretMembers(secret);
  return withDatabase(
    {
      host: address,
      port,
      database,
      user: username,
      password,
      statementMilliseconds: statementSeconds * 1000,
      statements,
    },
    use,
  );
}
