import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { PreflightReport } from "../runtime/protocol.ts";
import { dynamodb, keys } from "../runtime/store.ts";

/** What people were last told of a plan, and since when it is so. */
export interface KnownState {
  executable: boolean;
  since: string;
}

const key = (service: string) => ({ pk: { S: keys.partition(service) }, sk: { S: keys.preflight } });

export async function known(table: string, service: string): Promise<KnownState | undefined> {
  const { Item } = await dynamodb().send(
    new GetItemCommand({ TableName: table, Key: key(service), ConsistentRead: true }),
  );
  const executable = Item?.["executable"]?.BOOL;
  return executable === undefined ? undefined : { executable, since: Item?.["since"]?.S ?? "" };
}

/** A plan that was never looked at is expected to be executable. */
export const changed = (before: KnownState | undefined, { executable }: PreflightReport) =>
  executable !== (before?.executable ?? true);

export async function remember(
  table: string,
  report: PreflightReport,
  before: KnownState | undefined,
): Promise<void> {
  const since = before?.executable === report.executable ? before.since : report.at;
  await dynamodb().send(
    new PutItemCommand({
      TableName: table,
      Item: {
        ...key(report.service),
        executable: { BOOL: report.executable },
        since: { S: since },
        at: { S: report.at },
        problems: { S: JSON.stringify(problemLines(report)).slice(0, 20_000) },
      },
    }),
  );
}

/** Every problem, with what it is a problem of. */
export const problemLines = ({ problems, steps }: PreflightReport): string[] => [
  ...problems,
  ...steps.flatMap(({ id, problems: own }) => own.map((text) => `${id}: ${text}`)),
];
