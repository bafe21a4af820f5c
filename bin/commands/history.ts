import { type AttributeValue, QueryCommand } from "@aws-sdk/client-dynamodb";
import type { Command } from "commander";
import { tableName } from "../../lib/names.ts";
import { seconds } from "../../lib/plan/duration.ts";
import { type AwsOptions, answer, dynamodb, ofService, partitionOf, servicesHere } from "./aws.ts";

/** A run as the table remembers it. */
export interface PastRun {
  run: string;
  startedAt: string;
  endedAt?: string;
  service: string;
  /** Of a ramp: the version that it brought out again. */
  redeploys?: string;
  /** What people call its end: redeployed, back at a step, rolled back, reverted, held, refused, needs a person, or why it changed nothing. */
  outcome?: string;
  reason: string;
  dryRun: boolean;
  /** No run: the restore was practised beside the service. */
  practice?: true;
}

/** Which runs are wanted; all of them unless narrowed. */
export interface Wanted {
  /** Epoch milliseconds. */
  since?: number | undefined;
  outcome?: string | undefined;
}

/** Runs of a service, newest first. */
export const pastRuns = (options: AwsOptions, service: string, limit: number, wanted: Wanted = {}) =>
  past(options, service, limit, wanted, "RUN#");

/** Practices of a service, newest first; they are never among its runs. */
const pastPractices = async (options: AwsOptions, service: string, limit: number, wanted: Wanted) =>
  (await past(options, service, limit, wanted, "PRACTICE#")).map(
    (each): PastRun => ({ ...each, practice: true }),
  );

async function past(
  options: AwsOptions,
  service: string,
  limit: number,
  { since, outcome }: Wanted,
  prefix: "RUN#" | "PRACTICE#",
): Promise<PastRun[]> {
  const client = dynamodb(options);
  const rows: Record<string, AttributeValue>[] = [];
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: tableName(service),
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :run)",
        // Alarms that joined a run have rows below it, without a start of their own.
        FilterExpression: "attribute_exists(startedAt)",
        ExpressionAttributeValues: { ":pk": partitionOf(service), ":run": { S: prefix } },
        ExclusiveStartKey: from,
      }),
    );
    rows.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from);
  return rows
    .map((row) => ({
      service,
      run: row["sk"]!.S!.slice(prefix.length),
      startedAt: row["startedAt"]!.S!,
      ...(row["endedAt"]?.S ? { endedAt: row["endedAt"].S } : {}),
      // Rows from before runs had an ending have the outcome alone.
      ...outcomeOf(row["ending"]?.S ?? row["outcome"]?.S),
      reason: row["reason"]?.S ?? "",
      ...(row["redeploys"]?.S ? { redeploys: row["redeploys"].S } : {}),
      dryRun: row["dryRun"]?.BOOL ?? false,
    }))
    .filter((run) => since === undefined || Date.parse(run.startedAt) >= since)
    .filter((run) => outcome === undefined || run.outcome === outcome)
    .toSorted((left, right) => right.startedAt.localeCompare(left.startedAt))
    .slice(0, limit);
}

export const runLine = ({ run, startedAt, endedAt, outcome, reason, redeploys, dryRun }: PastRun) =>
  `${startedAt}  ${(outcome ?? "no end recorded").padEnd(15)}  ${duration(startedAt, endedAt).padStart(8)}  ${run}${redeploys === undefined ? "" : " (redeploy)"}${dryRun ? " (dry run)" : ""}  ${reason.slice(0, 80)}`;

function duration(startedAt: string, endedAt: string | undefined): string {
  if (endedAt === undefined) return "";
  const seconds = Math.round((Date.parse(endedAt) - Date.parse(startedAt)) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} min`;
}

const outcomeOf = (outcome: string | undefined) => (outcome ? { outcome } : {});

/** `7d`, or a moment in ISO 8601, as epoch milliseconds. */
function sinceOf(text: string, now: number): number {
  const at = /^\d+[smhd]$/.test(text) ? now - seconds(text) * 1000 : Date.parse(text);
  if (Number.isNaN(at))
    throw new Error(`"${text}" is no time. Write for example 7d, 12h or 2026-11-21T18:00:00Z.`);
  return at;
}

/** `watchdog history [SERVICE]`: the line that runbook R18 writes by hand. */
export function addHistory(program: Command): void {
  program
    .command("history")
    .description("runs and practices, newest first; of one service, or of all that have a watchdog here")
    .argument("[service]")
    .option("--service <service>", "the same as the argument")
    .option("--since <time>", "those begun since then: 7d, 12h, or a time in ISO 8601")
    .option("--outcome <outcome>", 'those that ended so, for example "rolled back" or "needs a person"')
    .option("--limit <number>", "how many", "20")
    .option("--region <region>")
    .option("--json")
    .addHelpText(
      "after",
      '\nExamples:\n  watchdog history llm-research-lab\n  watchdog history --since 30d --outcome "needs a person" --json\n',
    )
    .action(
      async (
        argument: string | undefined,
        options: AwsOptions & { limit: string; service?: string; since?: string; outcome?: string },
      ) => {
        const limit = Number(options.limit);
        if (!Number.isInteger(limit) || limit < 1)
          throw new Error(`"${options.limit}" is no number of runs. Write a whole number above zero.`);
        const since = options.since === undefined ? undefined : sinceOf(options.since, Date.now());
        const only = argument ?? options.service;
        const services = only === undefined ? await servicesHere(options) : [only];
        const found = await Promise.all(
          services.flatMap((service) =>
            [pastRuns, pastPractices].map((of) =>
              ofService(service, () => of(options, service, limit, { since, outcome: options.outcome })),
            ),
          ),
        );
        const runs = found
          .flat()
          .toSorted((left, right) => right.startedAt.localeCompare(left.startedAt))
          .slice(0, limit);
        const line = (run: PastRun) =>
          only === undefined ? `${run.service.padEnd(24)}  ${runLine(run)}` : runLine(run);
        answer(options, runs.length > 0 ? runs.map(line).join("\n") : "There is no such run.", runs);
      },
    );
}
