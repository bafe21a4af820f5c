import type { GetQueueUrlCommandInput, GetQueueUrlResult } from "@aws-sdk/client-sqs";
import { operation } from "../../service.ts";
import { queueAt } from "./state.ts";

/** The URL of a queue by its name. */
export const GetQueueUrl = operation<GetQueueUrlCommandInput, GetQueueUrlResult>({
  authorize: (input, { world }) => [
    { action: "sqs:GetQueueUrl", resources: [world.arn("sqs", input.QueueName ?? "*")] },
  ],
  run: (input, { world }) => ({ QueueUrl: queueAt(world, input.QueueName).url }),
});
