import type { ListQueuesCommandInput, ListQueuesResult } from "@aws-sdk/client-sqs";
import { operation } from "../../service.ts";
import { sqsState } from "./state.ts";

/** URLs of all queues, or of those with a prefix. */
export const ListQueues = operation<ListQueuesCommandInput, ListQueuesResult>({
  authorize: () => [{ action: "sqs:ListQueues", resources: ["*"] }],
  run: (input, { world }) => {
    const names = [...sqsState(world).queues.values()].filter(({ name }) =>
      name.startsWith(input.QueueNamePrefix ?? ""),
    );
    return names.length > 0 ? { QueueUrls: names.map(({ url }) => url) } : {};
  },
});
