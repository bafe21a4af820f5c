import type { FilterLogEventsCommandInput, FilterLogEventsResponse } from "@aws-sdk/client-cloudwatch-logs";
import { operation } from "../../service.ts";
import { filterPattern } from "./filter-pattern.ts";
import { expired, groupOf, onGroup } from "./state.ts";

/** Events of all or some streams of a group that match a pattern, in order of time. */
export const FilterLogEvents = operation<FilterLogEventsCommandInput, FilterLogEventsResponse>({
  authorize: (input, call) =>
    onGroup("FilterLogEvents", call, input.logGroupName ?? input.logGroupIdentifier),
  run: (input, { world }) => {
    const group = groupOf(world, input.logGroupName ?? input.logGroupIdentifier);
    const holds = filterPattern(input.filterPattern);
    const { startTime = 0, endTime = Number.POSITIVE_INFINITY, limit = 10_000 } = input;
    const streams = [...group.streams.values()].filter(
      ({ name }) =>
        (!input.logStreamNames?.length || input.logStreamNames.includes(name)) &&
        name.startsWith(input.logStreamNamePrefix ?? ""),
    );
    const found = streams
      .flatMap(({ name, events }) => events.map((event) => ({ ...event, logStreamName: name })))
      .filter(
        (event) =>
          event.timestamp >= startTime &&
          event.timestamp <= endTime &&
          !expired(world, group, event.timestamp),
      )
      .filter(({ message }) => holds(message))
      .toSorted((a, b) => a.timestamp - b.timestamp || (a.id < b.id ? -1 : 1));
    const from = Number(input.nextToken ?? 0);
    return {
      events: found.slice(from, from + limit).map(({ id, ...event }) => ({ ...event, eventId: id })),
      searchedLogStreams: [],
      ...(found.length > from + limit ? { nextToken: String(from + limit) } : {}),
    };
  },
});
