import type { SendMessageCommandInput, SendMessageResult } from "@aws-sdk/client-sqs";
import { operation } from "../../service.ts";
import { send } from "./sending.ts";
import { arnAt, queueAt } from "./state.ts";

/** Puts one message into a queue. */
export const SendMessage = operation<SendMessageCommandInput, SendMessageResult>({
  authorize: (input, call) => [{ action: "sqs:SendMessage", resources: [arnAt(call, input.QueueUrl)] }],
  run: (input, call) => send(queueAt(call.world, input.QueueUrl), input, call),
});
