import type {
  DescribeLogStreamsCommandInput,
  DescribeLogStreamsResponse,
} from "@aws-sdk/client-cloudwatch-logs";
import { operation } from "../../service.ts";
import { groupOf, onGroup, streamArn } from "./state.ts";

/** Streams of a group, by name or by their last event, in pages of 50. */
export const DescribeLogStreams = operation<DescribeLogStreamsCommandInput, DescribeLogStreamsResponse>({
  authorize: (input, call) =>
    onGroup("DescribeLogStreams", call, input.logGroupName ?? input.logGroupIdentifier),
  run: (input, { world }) => {
    const group = groupOf(world, input.logGroupName ?? input.logGroupIdentifier);
    const lastOf = (name: string) => group.streams.get(name)?.events.at(-1)?.timestamp ?? 0;
    const byTime = input.orderBy === "LastEventTime";
    const sorted = [...group.streams.values()]
      .filter(({ name }) => name.startsWith(input.logStreamNamePrefix ?? ""))
      .toSorted((a, b) => (byTime ? lastOf(a.name) - lastOf(b.name) : a.name < b.name ? -1 : 1));
    if (input.descending) sorted.reverse();
    const from = Number(input.nextToken ?? 0);
    const to = from + (input.limit ?? 50);
    return {
      logStreams: sorted.slice(from, to).map(({ name, createdAt, events }) => ({
        logStreamName: name,
        creationTime: Math.floor(createdAt),
        firstEventTimestamp: events[0]?.timestamp,
        lastEventTimestamp: events.at(-1)?.timestamp,
        lastIngestionTime: events.at(-1)?.ingestionTime,
        arn: streamArn(world, group.name, name),
        storedBytes: 0,
      })),
      ...(sorted.length > to ? { nextToken: String(to) } : {}),
    };
  },
});
