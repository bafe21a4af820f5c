import type { CreateQueueCommandInput, CreateQueueResult } from "@aws-sdk/client-sqs";
import { operation, ServiceException } from "../../service.ts";
import { setAttributes } from "./attributes.ts";
import { DEFAULTS, type Queue, sqsState } from "./state.ts";

/** Makes a queue; the same name with the same attributes answers the queue that is there. */
export const CreateQueue = operation<CreateQueueCommandInput, CreateQueueResult>({
  authorize: (input, { world }) => [
    { action: "sqs:CreateQueue", resources: [world.arn("sqs", input.QueueName ?? "*")] },
  ],
  run: (input, { world, account }) => {
    const { queues } = sqsState(world);
    const name = input.QueueName ?? "";
    if (!/^[\w-]{1,80}$/.test(name.replace(/\.fifo$/, "")) || name.length > 80)
      throw new ServiceException(
        "InvalidParameterValue",
        "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
      );
    const attributes = (input.Attributes ?? {}) as Record<string, string>;
    const existing = queues.get(name);
    if (existing) {
      const differs = Object.entries(attributes).find(
        ([key, value]) => (existing.attributes.get(key) ?? DEFAULTS[key]) !== value,
      );
      if (differs)
        throw new ServiceException(
          "QueueNameExists",
          `A queue already exists with the same name and a different value for attribute ${differs[0]}`,
        );
      return { QueueUrl: existing.url };
    }
    const now = world.clock.now();
    const queue: Queue = {
      name,
      arn: world.arn("sqs", name),
      url: `${world.endpoint}/${account}/${name}`,
      createdAt: now,
      changedAt: now,
      attributes: new Map(),
      tags: new Map(Object.entries(input.tags ?? {})),
      messages: [],
      policy: undefined,
      deduplicated: new Map(),
      waiting: new Set(),
    };
    setAttributes(queue, attributes, now);
    queues.set(name, queue);
    return { QueueUrl: queue.url };
  },
});
