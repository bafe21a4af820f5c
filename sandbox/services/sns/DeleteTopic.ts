import type { DeleteTopicCommandInput, DeleteTopicCommandOutput } from "@aws-sdk/client-sns";
import { operation } from "../../service.ts";
import { checkTopicArn, snsState } from "./state.ts";

/** Deletes a topic; one that does not exist is no error. Its subscriptions get nothing any more. */
export const DeleteTopic = operation<DeleteTopicCommandInput, Omit<DeleteTopicCommandOutput, "$metadata">>({
  authorize: (input) => [{ action: "sns:DeleteTopic", resources: [input.TopicArn ?? "*"] }],
  run: (input, { world, region }) => {
    checkTopicArn(input.TopicArn, region);
    snsState(world).topics.delete(input.TopicArn!);
    return {};
  },
});
