import type { PutLogEventsCommandInput, PutLogEventsResponse } from "@aws-sdk/client-cloudwatch-logs";
import { operation, ServiceException } from "../../service.ts";
import { takeEmbeddedMetrics } from "./embedded-metrics.ts";
import { append, expired, groupOf, streamArn, streamOf } from "./state.ts";

const LARGEST_BATCH = 1_048_576;
const OVERHEAD = 26;
const DAY = 86_400_000;
const TOO_NEW = 2 * 3_600_000;

/** Appends events. Those too old or too far in the future are left out, and said so. */
export const PutLogEvents = operation<PutLogEventsCommandInput, PutLogEventsResponse>({
  authorize: (input, { world }) => [
    { action: "logs:PutLogEvents", resources: [streamArn(world, input.logGroupName, input.logStreamName)] },
  ],
  run: (input, { world }) => {
    const group = groupOf(world, input.logGroupName);
    const stream = streamOf(group, input.logStreamName);
    const events = (input.logEvents ?? []).map(({ timestamp = 0, message = "" }) => ({ timestamp, message }));
    if (events.length === 0)
      throw new ServiceException(
        "InvalidParameterException",
        "1 validation error detected: logEvents must not be empty",
      );
    const size = events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + OVERHEAD, 0);
    if (size > LARGEST_BATCH)
      throw new ServiceException(
        "InvalidParameterException",
        "Upload too large: " + `${size} bytes exceeds limit of ${LARGEST_BATCH}`,
      );
    if (events.some(({ timestamp }, index) => index > 0 && timestamp < events[index - 1]!.timestamp))
      throw new ServiceException(
        "InvalidParameterException",
        "Log events in a single PutLogEvents request must be in chronological order.",
      );
    const now = world.clock.now();
    const old = events.filter(({ timestamp }) => timestamp < now - 14 * DAY).length;
    const out = events.filter(({ timestamp }) => expired(world, group, timestamp)).length;
    const firstNew = events.findIndex(({ timestamp }) => timestamp > now + TOO_NEW);
    const taken = events.slice(Math.max(old, out), firstNew < 0 ? undefined : firstNew);
    append(world, stream, taken);
    takeEmbeddedMetrics(
      world,
      taken.map(({ message }) => message),
    );
    const rejected = {
      ...(old > 0 ? { tooOldLogEventEndIndex: old } : {}),
      ...(out > 0 ? { expiredLogEventEndIndex: out } : {}),
      ...(firstNew >= 0 ? { tooNewLogEventStartIndex: firstNew } : {}),
    };
    return {
      nextSequenceToken: String(stream.events.length).padStart(56, "4"),
      ...(Object.keys(rejected).length > 0 ? { rejectedLogEventsInfo: rejected } : {}),
    };
  },
});
