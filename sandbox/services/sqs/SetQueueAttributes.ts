import type { SetQueueAttributesCommandInput } from "@aws-sdk/client-sqs";
import { operation } from "../../service.ts";
import { setAttributes } from "./attributes.ts";
import { arnAt, queueAt } from "./state.ts";

/** Changes a queue's settings, at once (AWS may take a minute). */
export const SetQueueAttributes = operation<SetQueueAttributesCommandInput, object>({
  authorize: (input, call) => [
    { action: "sqs:SetQueueAttributes", resources: [arnAt(call, input.QueueUrl)] },
  ],
  run: (input, { world }) => {
    setAttributes(
      queueAt(world, input.QueueUrl),
      (input.Attributes ?? {}) as Record<string, string>,
      world.clock.now(),
    );
    return {};
  },
});
