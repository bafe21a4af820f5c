import { randomUUID } from "node:crypto";
import type { StartQueryCommandInput, StartQueryResponse } from "@aws-sdk/client-cloudwatch-logs";
import { operation, ServiceException } from "../../service.ts";
import { readQuery } from "./insights.ts";
import { expired, groupOf, logsState, onGroup } from "./state.ts";

/** Milliseconds of the sandbox's time that a query takes. */
const TAKES = 1_000;

const groupsOf = (input: StartQueryCommandInput): string[] => [
  ...(input.logGroupName === undefined ? [] : [input.logGroupName]),
  ...(input.logGroupNames ?? []),
  ...(input.logGroupIdentifiers ?? []),
];

/** Starts a Logs Insights query over whole seconds, both ends included; its result is there a little later. */
export const StartQuery = operation<StartQueryCommandInput, StartQueryResponse>({
  authorize: (input, call) => groupsOf(input).flatMap((name) => onGroup("StartQuery", call, name)),
  run: (input, { world }) => {
    const groups = groupsOf(input).map((name) => groupOf(world, name));
    if (groups.length === 0)
      throw new ServiceException("InvalidParameterException", "At least one log group must be specified.");
    const [from, to] = [(input.startTime ?? 0) * 1000, (input.endTime ?? 0) * 1000 + 999];
    if (to < from)
      throw new ServiceException("InvalidParameterException", "endTime must not be before startTime.");
    const { takes, rows } = readQuery(input.queryString ?? "");
    const scanned = groups.flatMap((group) =>
      [...group.streams.values()]
        .flatMap(({ events }) => events)
        .filter(({ timestamp }) => timestamp >= from && timestamp <= to && !expired(world, group, timestamp)),
    );
    const taken = scanned.filter(({ message }) => takes(message)).length;
    const queryId = randomUUID();
    logsState(world).queries.set(queryId, {
      endsAt: world.clock.now() + TAKES,
      stopped: false,
      rows: rows(taken),
      matched: taken,
      scanned: scanned.length,
      bytes: scanned.reduce((sum, { message }) => sum + Buffer.byteLength(message), 0),
    });
    return { queryId };
  },
});
