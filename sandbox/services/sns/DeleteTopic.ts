import type { DeleteTopicCommandInput, DeleteTopicCommandOutput } from "@aws-sdk/client-sns";
import { operation, ServiceException } from "../../service.ts";
import { snsState } from "./state.ts";

/** Deletes a topic; one that does not exist is no error. Its subscriptions go with it. */
export const DeleteTopic = operation<DeleteTopicCommandInput, Omit<DeleteTopicCommandOutput, "$metadata">>({
  authorize: (input) => [{ action: "sns:DeleteTopic", resources: [input.TopicArn ?? "*"] }],
  run: (input, { world }) => {
    const state = snsState(world);
    if (!/^arn:/.test(input.TopicArn ?? ""))
      throw new ServiceException("InvalidParameterException", "Invalid parameter: TopicArn");
    state.topics.delete(input.TopicArn!);
    return {};
  },
});
