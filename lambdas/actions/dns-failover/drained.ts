import { DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import { clientSettings, once } from "../../runtime/clients.ts";
import { openSessions, withDatabase } from "../../runtime/postgres.ts";
import { secretMembers } from "../../runtime/secret-value.ts";

const rds = once(() => new RDSClient(clientSettings));

/** The old database, and the application's roles on it. */
interface Drained {
  instance: string;
  database: string;
  secret: string;
  roles: string[];
}

/** How many of the application's sessions are still on the old database; undefined: none. */
export async function sessionsLeft({
  instance,
  database,
  secret,
  roles,
}: Drained): Promise<string | undefined> {
  const { DBInstances } = await rds().send(
    new DescribeDBInstancesCommand({ DBInstanceIdentifier: instance }),
  );
  const endpoint = DBInstances?.[0]?.Endpoint;
  const { username = "", password = "" } = await secretMembers(secret);
  const open = await withDatabase(
    {
      host: endpoint!.Address!,
      port: endpoint!.Port!,
      database,
      user: username,
      password,
      statementMilliseconds: 10_000,
    },
    (client) => openSessions(client, roles),
  );
  return open > 0 ? `${open} session(s) of ${roles.join(", ")} are still on ${instance}` : undefined;
}
