import { S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Command } from "commander";
import pg from "pg";
import { type AwsOptions, clientOf } from "./aws.ts";

interface ReconcileOptions extends AwsOptions {
  secret?: string;
  host?: string;
  port?: string;
  database?: string;
  table: string[];
  where?: string;
  write: boolean;
}

/** `watchdog reconcile s3://…`: rows that were written after a restore point, put back where they are missing. */
export function addReconcile(program: Command): void {
  program
    .command("reconcile <rows>")
    .description(
      "put rows that were exported after a point-in-time restore back into the database; dry unless --write. <rows> is s3://bucket/prefix, as it stands in the run's report",
    )
    .option(
      "--secret <secret>",
      "secret with username and password for the database; without it, what was exported is listed",
    )
    .option("--host <name>", "database server; the restored one unless given")
    .option("--port <port>", "its TCP port")
    .option("--database <name>", "database; that of the export unless given")
    .option("--table <table>", "schema.table to put back; repeatable; all unless given", collected, [])
    .option("--where <condition>", "SQL condition on the exported rows, e.g. \"status = 'paid'\"")
    .option("--write", "commit; without it everything is tried and rolled back", false)
    .option("--region <region>")
    .option("--json", "as one JSON object")
    .addHelpText(
      "after",
      "\nA row whose key is in the database already is never changed. Everything is one transaction.\n\nExamples:\n  watchdog reconcile s3://lab-backups/reconciliation/error-rate-0123456789ab/later-rows\n  watchdog reconcile s3://lab-backups/reconciliation/error-rate-0123456789ab/later-rows --secret lab/admin --table public.orders --write\n",
    )
    .action(async (rows: string, options: ReconcileOptions) => {
      const [, bucket = "", prefix = ""] = /^s3:\/\/([^/]+)\/(.+?)\/?$/.exec(rows) ?? [];
      if (!bucket || !prefix)
        throw new Error(`"${rows}" is no place in S3. Nothing was done. Write it as s3://bucket/prefix.`);
      const { manifestAt, putBack } = await import("../rows/put-back.ts");
      const s3 = new S3Client({
        ...clientOf(options),
        forcePathStyle: process.env["AWS_ENDPOINT_URL"] !== undefined,
      });
      const manifest = await manifestAt(s3, bucket, prefix);
      const known = manifest.tables.filter(({ onlyLeft }) => onlyLeft > 0).map(({ table }) => table);
      const unknown = options.table.filter((table) => !known.includes(table));
      if (unknown.length > 0)
        throw new Error(
          `No row of ${unknown.join(", ")} was exported. Nothing was done. There are rows of ${known.join(", ") || "no table"}.`,
        );
      const tables = options.table.length > 0 ? options.table : known;
      if (!options.secret) {
        const listed = manifest.tables.map(({ table, onlyLeft }) => ({ table, exported: onlyLeft }));
        const lines = listed.map(({ table, exported }) => `  ${String(exported).padStart(9)}  ${table}`);
        return console.log(
          options.json
            ? JSON.stringify({ from: manifest.from, tables: listed })
            : [`Rows that only ${manifest.from.instance} has:`, ...lines].join("\n"),
        );
      }
      const host = options.host ?? manifest.to.host;
      const database = options.database ?? manifest.from.database;
      const client = await connect(options, options.secret, {
        host,
        port: Number(options.port ?? manifest.to.port),
        database,
      });
      try {
        const { where, write } = options;
        const found = await putBack({ client, s3, bucket, manifest, tables, where, write });
        console.log(
          options.json ? JSON.stringify({ host, database, write, tables: found }) : said(found, write, host),
        );
      } finally {
        await client.end();
      }
    });
}

const collected = (value: string, before: string[]) => [...before, value];

/** A connection with the certificate verified in full; NODE_EXTRA_CA_CERTS adds the authorities of RDS. */
async function connect(
  options: ReconcileOptions,
  SecretId: string,
  at: { host: string; port: number; database: string },
): Promise<pg.Client> {
  const { SecretString = "{}" } = await new SecretsManagerClient(clientOf(options)).send(
    new GetSecretValueCommand({ SecretId }),
  );
  const { username, password } = JSON.parse(SecretString) as { username?: string; password?: string };
  const client = new pg.Client({ ...at, user: username, password, ssl: { rejectUnauthorized: true } });
  await client.connect();
  return client;
}

function said(
  found: { table: string; exported: number; chosen: number; inserted: number }[],
  write: boolean,
  host: string,
): string {
  const lines = found.map(
    ({ table, exported, chosen, inserted }) =>
      `  ${table}: ${inserted} of ${chosen} row(s) ${write ? "put back" : "would be put back"}, ${chosen - inserted} there already${chosen < exported ? `, ${exported - chosen} not chosen` : ""}`,
  );
  const end = write
    ? `Committed to ${host}.`
    : `Nothing was changed in ${host}: this was tried and rolled back. Add --write to put them back.`;
  return [...lines, end].join("\n");
}
