import type { CreateLogStreamCommandInput } from "@aws-sdk/client-cloudwatch-logs";
import { operation, ServiceException } from "../../service.ts";
import { groupOf, streamArn } from "./state.ts";

/** Makes a stream in a group. */
export const CreateLogStream = operation<CreateLogStreamCommandInput, object>({
  authorize: (input, { world }) => [
    {
      action: "logs:CreateLogStream",
      resources: [streamArn(world, input.logGroupName, input.logStreamName)],
    },
  ],
  run: (input, { world }) => {
    const group = groupOf(world, input.logGroupName);
    const name = input.logStreamName ?? "";
    if (group.streams.has(name))
      throw new ServiceException("ResourceAlreadyExistsException", "The specified log stream already exists");
    group.streams.set(name, { name, createdAt: world.clock.now(), events: [] });
    return {};
  },
});
