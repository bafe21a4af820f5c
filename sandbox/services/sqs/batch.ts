import type { BatchResultErrorEntry } from "@aws-sdk/client-sqs";
import { ServiceException } from "../../service.ts";

/** Does each entry by itself: one that fails is reported beside those that did not. */
export function batch<Entry extends { Id?: string | undefined }, Done>(
  entries: Entry[] | undefined,
  one: (entry: Entry) => Done,
): { Successful: (Done & { Id: string })[]; Failed: BatchResultErrorEntry[] } {
  if (!entries || entries.length === 0)
    throw new ServiceException("EmptyBatchRequest", "There should be at least one entry in the request.");
  if (entries.length > 10)
    throw new ServiceException(
      "TooManyEntriesInBatchRequest",
      `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
    );
  if (new Set(entries.map((each) => each.Id)).size < entries.length)
    throw new ServiceException(
      "BatchEntryIdsNotDistinct",
      "Two or more batch entries in the request have the same Id.",
    );
  const Successful: (Done & { Id: string })[] = [];
  const Failed: BatchResultErrorEntry[] = [];
  for (const entry of entries) {
    const Id = entry.Id ?? "";
    try {
      Successful.push({ ...one(entry), Id });
    } catch (error) {
      if (!(error instanceof ServiceException)) throw error;
      Failed.push({ Id, Code: error.code, Message: error.message, SenderFault: true });
    }
  }
  return { Successful, Failed };
}
