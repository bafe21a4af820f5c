import type { DeleteLogStreamCommandInput } from "@aws-sdk/client-cloudwatch-logs";
import { operation } from "../../service.ts";
import { groupOf, streamArn, streamOf } from "./state.ts";

/** Deletes a stream with its events. */
export const DeleteLogStream = operation<DeleteLogStreamCommandInput, object>({
  authorize: (input, { world }) => [
    {
      action: "logs:DeleteLogStream",
      resources: [streamArn(world, input.logGroupName, input.logStreamName)],
    },
  ],
  run: (input, { world }) => {
    const group = groupOf(world, input.logGroupName);
    group.streams.delete(streamOf(group, input.logStreamName).name);
    return {};
  },
});
