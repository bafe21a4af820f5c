import type { PublishBatchCommandInput, PublishBatchCommandOutput } from "@aws-sdk/client-sns";
import { operation, ServiceException } from "../../service.ts";
import { publishing } from "./authorize.ts";
import { publish } from "./message.ts";
import { topicNamed } from "./state.ts";

/** Sends up to ten messages; each has its own result. */
export const PublishBatch = operation<PublishBatchCommandInput, Omit<PublishBatchCommandOutput, "$metadata">>(
  {
    authorize: (input, call) => publishing(input.TopicArn, call),
    run: (input, { world }) => {
      const topic = topicNamed(world, input.TopicArn);
      const entries = input.PublishBatchRequestEntries ?? [];
      if (entries.length === 0)
        throw new ServiceException(
          "EmptyBatchRequestException",
          "The batch request doesn't contain any entries.",
        );
      if (entries.length > 10)
        throw new ServiceException(
          "TooManyEntriesInBatchRequestException",
          "The batch request contains more entries than permissible.",
        );
      if (new Set(entries.map(({ Id }) => Id)).size !== entries.length)
        throw new ServiceException(
          "BatchEntryIdsNotDistinctException",
          "Two or more batch entries in the request have the same Id.",
        );
      const Successful = [];
      const Failed = [];
      for (const entry of entries) {
        try {
          Successful.push({ Id: entry.Id, MessageId: publish(world, topic, entry) });
        } catch (error) {
          if (!(error instanceof ServiceException)) throw error;
          Failed.push({ Id: entry.Id, Code: "InvalidParameter", Message: error.message, SenderFault: true });
        }
      }
      return { Successful, Failed };
    },
  },
);
