import { RDSClient } from "@aws-sdk/client-rds";
import type pg from "pg";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import type { Expectation } from "../scenario.ts";
import { TABLES } from "./data.ts";
import type { LabDatabase } from "./database.ts";
import type { Acknowledged } from "./load.ts";
import { type Digests, digests, liveRows } from "./truth.ts";

type WithAdmin = <Result>(id: string, use: (client: pg.Client) => Promise<Result>) => Promise<Result>;

/**
 * After a rollback that failed: the old database has every seeded row as the release left it, and every write that the
 * service acknowledged is in it, or in one that the rollback restored and kept.
 */
export async function nothingLost(
  sandbox: Sandbox,
  database: LabDatabase,
  withAdmin: WithAdmin,
  damaged: Digests,
  writes: Acknowledged[],
): Promise<Expectation[]> {
  // Copied first: the load goes on while the databases are read.
  const acknowledged = [...writes];
  const own = await database.all(new RDSClient(sandbox.clientConfig()));
  const found = new Set<string>();
  for (const id of own) for (const name of (await withAdmin(id, liveRows)).keys()) found.add(name);
  const missing = acknowledged.filter(({ name }) => !found.has(name));
  const now = await withAdmin(database.id, digests);
  const changed = TABLES.filter((table) => now[table]?.digest !== damaged[table]?.digest);
  return [
    {
      text: "the old database has every row that it had when the rollback began",
      held: changed.length === 0,
      detail: changed.length === 0 ? `${TABLES.length} tables compared` : `${changed.join(", ")} changed`,
    },
    {
      text: "no write that the service acknowledged is lost",
      held: acknowledged.length > 0 && missing.length === 0,
      detail: `${acknowledged.length - missing.length} of ${acknowledged.length} writes, in ${own.join(" and ")}`,
    },
  ];
}
