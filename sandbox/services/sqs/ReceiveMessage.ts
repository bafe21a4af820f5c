import type { ReceiveMessageCommandInput, ReceiveMessageResult } from "@aws-sdk/client-sqs";
import { operation, ServiceException } from "../../service.ts";
import { answerOf, somethingNew, take } from "./receiving.ts";
import { arnAt, attributeSeconds, queueAt, sqsState } from "./state.ts";

/** Hands out messages; with a wait, as soon as there is one, on the sandbox's clock. */
export const ReceiveMessage = operation<ReceiveMessageCommandInput, ReceiveMessageResult>({
  authorize: (input, call) => [{ action: "sqs:ReceiveMessage", resources: [arnAt(call, input.QueueUrl)] }],
  run: async (input, { world }) => {
    const queue = queueAt(world, input.QueueUrl);
    const limit = input.MaxNumberOfMessages ?? 1;
    if (limit < 1 || limit > 10)
      throw new ServiceException(
        "InvalidParameterValue",
        `Value ${limit} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.`,
      );
    const wait = input.WaitTimeSeconds ?? attributeSeconds(queue, "ReceiveMessageWaitTimeSeconds");
    const deadline = world.clock.now() + wait * 1000;
    let taken = take(world, queue, limit, input.VisibilityTimeout);
    while (taken.length === 0 && world.clock.now() < deadline && sqsState(world).queues.has(queue.name)) {
      await somethingNew(world, queue, deadline);
      taken = take(world, queue, limit, input.VisibilityTimeout);
    }
    return taken.length > 0 ? { Messages: taken.map((message) => answerOf(message, input)) } : {};
  },
});
