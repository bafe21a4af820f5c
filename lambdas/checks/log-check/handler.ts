import {
  CloudWatchLogsClient,
  GetQueryResultsCommand,
  type GetQueryResultsResponse,
  StartQueryCommand,
  StopQueryCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import type * as z from "zod";
import { clientSettings, once } from "../../runtime/clients.ts";
import type { Context } from "../../runtime/context.ts";
import type { Measurement } from "../../runtime/protocol.ts";
import { serveCheck } from "../../runtime/serve-check.ts";
import { fits, queryOf } from "./query.ts";
import { logCheck } from "./spec.ts";

const logs = once(() => new CloudWatchLogsClient(clientSettings));
const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600 };
const seconds = (duration: string) => Number.parseInt(duration, 10) * UNITS[duration.at(-1)!]!;

/** How a query is waited for: pauses that grow to a second, and after 45 of them the function's own limit is near. */
const WAIT = { looks: 45, milliseconds: 100 };
const LONGEST_PAUSE = 1_000;

/** Looks until the query ended; undefined when it was given up, and then it was stopped: a running query is paid for. */
async function ended(
  queryId: string,
  { sleep }: Context,
  wait: typeof WAIT,
): Promise<GetQueryResultsResponse | undefined> {
  for (let look = 0; look < wait.looks; look += 1) {
    const answer = await logs().send(new GetQueryResultsCommand({ queryId }));
    if (answer.status !== "Scheduled" && answer.status !== "Running") return answer;
    await sleep(Math.min(wait.milliseconds * 1.5 ** look, LONGEST_PAUSE));
  }
  try {
    await logs().send(new StopQueryCommand({ queryId }));
    return undefined;
  } catch (error) {
    // It ended between the last look and the stop: then it has an answer.
    if ((error as Error).name !== "InvalidParameterException") throw error;
    return logs().send(new GetQueryResultsCommand({ queryId }));
  }
}

export async function measure(
  input: z.output<typeof logCheck.input>,
  context: Context,
  wait = WAIT,
): Promise<Omit<Measurement, "check" | "at">> {
  const endTime = Math.floor(context.now() / 1000);
  const startTime = endTime - seconds(input.over);
  const queryString = queryOf(input);
  const limit = `${input.expect} lines in ${input.over}`;
  const instant = (epoch: number) => new Date(epoch * 1000).toISOString();
  const evidence = [`${input.groups.join(", ")}, ${instant(startTime)} to ${instant(endTime)}`, queryString];
  const { queryId = "" } = await logs().send(
    new StartQueryCommand({ logGroupNames: input.groups, startTime, endTime, queryString, limit: 1 }),
  );
  const answer = await ended(queryId, context, wait);
  if (answer?.status !== "Complete")
    return {
      verdict: "error",
      limit,
      evidence: [
        ...evidence,
        answer ? `the query ended ${answer.status}` : "the query was not done in time, and was stopped",
      ],
    };
  const scanned = answer.statistics?.recordsScanned ?? 0;
  // Without a line that fits, there is no row to count in.
  const row = answer.results?.[0]?.find(({ field }) => field === "lines")?.value;
  const count = row === undefined ? 0 : Number(row);
  evidence.push(`${count} of ${scanned} lines`);
  if (scanned < input.minimumLines) return { verdict: "inconclusive", limit, evidence };
  return {
    verdict: fits(count, input.expect) ? "passed" : "failed",
    value: `${count} lines`,
    limit,
    evidence,
  };
}

export const handler = serveCheck(logCheck, (input, context) => measure(input, context));
