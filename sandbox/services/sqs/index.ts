import type { Service } from "../../service.ts";
import { ChangeMessageVisibility } from "./ChangeMessageVisibility.ts";
import { CreateQueue } from "./CreateQueue.ts";
import { DeleteMessage } from "./DeleteMessage.ts";
import { DeleteMessageBatch } from "./DeleteMessageBatch.ts";
import { DeleteQueue } from "./DeleteQueue.ts";
import { GetQueueAttributes } from "./GetQueueAttributes.ts";
import { GetQueueUrl } from "./GetQueueUrl.ts";
import { ListQueues } from "./ListQueues.ts";
import { ListQueueTags } from "./ListQueueTags.ts";
import { reportQueues } from "./metrics.ts";
import { PurgeQueue } from "./PurgeQueue.ts";
import { ReceiveMessage } from "./ReceiveMessage.ts";
import { SendMessage } from "./SendMessage.ts";
import { SendMessageBatch } from "./SendMessageBatch.ts";
import { SetQueueAttributes } from "./SetQueueAttributes.ts";
import { queueByArn, sqsState, wake } from "./state.ts";
import { TagQueue } from "./TagQueue.ts";

/** Amazon SQS: standard and FIFO queues with visibility, long polling and dead-letter queues. */
export const sqs: Service = {
  name: "sqs",
  client: () => import("@aws-sdk/client-sqs"),
  operations: {
    ChangeMessageVisibility,
    CreateQueue,
    DeleteMessage,
    DeleteMessageBatch,
    DeleteQueue,
    GetQueueAttributes,
    GetQueueUrl,
    ListQueueTags,
    ListQueues,
    PurgeQueue,
    ReceiveMessage,
    SendMessage,
    SendMessageBatch,
    SetQueueAttributes,
    TagQueue,
  },
  start: (world) => {
    reportQueues(world);
    world.onStop(() => {
      // Long polls end with the world.
      const queues = [...sqsState(world).queues.values()];
      sqsState(world).queues.clear();
      for (const queue of queues) wake(queue);
    });
  },
  resourcePolicy: (world, arn) => queueByArn(world, arn)?.policy,
};
