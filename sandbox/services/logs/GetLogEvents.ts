import type { GetLogEventsCommandInput, GetLogEventsResponse } from "@aws-sdk/client-cloudwatch-logs";
import { operation, ServiceException } from "../../service.ts";
import { expired, groupOf, streamArn, streamOf } from "./state.ts";

/** Events of one stream. The token given back equals the one sent when there is no more that way. */
export const GetLogEvents = operation<GetLogEventsCommandInput, GetLogEventsResponse>({
  authorize: (input, { world }) => [
    {
      action: "logs:GetLogEvents",
      resources: [streamArn(world, input.logGroupName ?? input.logGroupIdentifier, input.logStreamName)],
    },
  ],
  run: (input, { world }) => {
    const group = groupOf(world, input.logGroupName ?? input.logGroupIdentifier);
    const { events } = streamOf(group, input.logStreamName);
    const { startTime = 0, endTime = Number.POSITIVE_INFINITY, limit = 10_000 } = input;
    const found = events.filter(
      ({ timestamp }) => timestamp >= startTime && timestamp < endTime && !expired(world, group, timestamp),
    );
    const [, direction, position] = /^([fb])\/(\d+)$/.exec(input.nextToken ?? "") ?? [];
    if (input.nextToken && !direction)
      throw new ServiceException("InvalidParameterException", "The specified nextToken is invalid.");
    const at = Number(position);
    const from =
      direction === "f"
        ? at
        : direction === "b"
          ? Math.max(0, at - limit)
          : input.startFromHead
            ? 0
            : Math.max(0, found.length - limit);
    const to = direction === "b" ? at : Math.min(found.length, from + limit);
    return {
      events: found
        .slice(from, to)
        .map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime })),
      nextForwardToken: `f/${to}`,
      nextBackwardToken: `b/${from}`,
    };
  },
});
