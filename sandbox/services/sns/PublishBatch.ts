import type {
  BatchResultErrorEntry,
  PublishBatchCommandInput,
  PublishBatchCommandOutput,
  PublishBatchResultEntry,
} from "@aws-sdk/client-sns";
import { operation, ServiceException } from "../../service.ts";
import { publish } from "./accepted.ts";
import { publishing } from "./authorize.ts";
import { checkMessage, LARGEST, sizeOfMessage } from "./message.ts";
import { topicNamed } from "./state.ts";

const MOST = 10;
const LONGEST_ID = 80;

/** Sends up to ten messages; a message that cannot be sent is refused for all when its request is malformed. */
export const PublishBatch = operation<PublishBatchCommandInput, Omit<PublishBatchCommandOutput, "$metadata">>(
  {
    authorize: (input, call) => publishing(input.TopicArn, call),
    run: (input, { world, region }) => {
      const topic = topicNamed({ world, region }, input.TopicArn);
      const entries = input.PublishBatchRequestEntries ?? [];
      checkEntries(entries.map(({ Id = "" }) => Id));
      if (entries.reduce((sum, entry) => sum + sizeOfMessage(entry), 0) > LARGEST)
        throw new ServiceException(
          "BatchRequestTooLongException",
          "The length of all the messages put together is more than the limit.",
        );
      const pathTo = (index: number) => `publishBatchRequestEntries.${index + 1}.member.messageAttributes`;
      for (const [index, entry] of entries.entries()) checkMessage(topic, entry, pathTo(index));
      const Successful: PublishBatchResultEntry[] = entries.map((entry) => ({
        Id: entry.Id,
        ...publish(world, topic, entry),
      }));
      const Failed: BatchResultErrorEntry[] = [];
      return { Successful, Failed };
    },
  },
);

function checkEntries(ids: string[]): void {
  if (ids.length === 0)
    throw new ServiceException(
      "EmptyBatchRequestException",
      "The batch request doesn't contain any entries.",
    );
  if (ids.length > MOST)
    throw new ServiceException(
      "TooManyEntriesInBatchRequestException",
      "The batch request contains more entries than permissible.",
    );
  for (const id of ids) {
    const said = "The Id of a batch entry in the batch request";
    if (id.length > LONGEST_ID)
      throw new ServiceException("InvalidBatchEntryIdException", `${said} is too long: ${id}`);
    if (!/^[\w-]+$/.test(id))
      throw new ServiceException(
        "InvalidBatchEntryIdException",
        `${said} contains an impermissible character: ${id}`,
      );
  }
  if (new Set(ids).size !== ids.length)
    throw new ServiceException(
      "BatchEntryIdsNotDistinctException",
      "Two or more batch entries in the request have the same Id.",
    );
}
