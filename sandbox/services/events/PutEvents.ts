import { randomUUID } from "node:crypto";
import type {
  PutEventsCommandInput,
  PutEventsCommandOutput,
  PutEventsRequestEntry,
  PutEventsResultEntry,
} from "@aws-sdk/client-eventbridge";
import { type Call, operation, ServiceException } from "../../service.ts";
import { put } from "./deliver.ts";
import { busArn, busName, busNamed, eventsState } from "./state.ts";

const MOST = 10;
/** Bytes of all entries together. */
const LARGEST = 1_048_576;

/** Puts events on a bus; each entry has its own result. */
export const PutEvents = operation<PutEventsCommandInput, Omit<PutEventsCommandOutput, "$metadata">>({
  authorize: (input, { world }) =>
    (input.Entries ?? []).map(({ EventBusName, Source = "", DetailType = "" }) => ({
      action: "events:PutEvents",
      resources: [busArn(world, EventBusName)],
      context: { "events:source": Source, "events:detail-type": DetailType },
    })),
  run: (input, call) => {
    const entries = input.Entries ?? [];
    if (entries.length === 0 || entries.length > MOST)
      throw new ServiceException(
        "ValidationException",
        `1 validation error detected: Value '[${entries.map(shown).join(", ")}]' at 'entries' failed to satisfy constraint: Member must have length ${entries.length === 0 ? "greater than or equal to 1" : `less than or equal to ${MOST}`}`,
      );
    if (entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > LARGEST)
      throw new ServiceException(
        "ValidationException",
        "Total size of the entries in the request is over the limit.",
      );
    const results = entries.map((entry) => one(entry, call));
    return { Entries: results, FailedEntryCount: results.filter(({ ErrorCode }) => ErrorCode).length };
  },
});

function one(entry: PutEventsRequestEntry, { world, principal }: Call): PutEventsResultEntry {
  const missing = (["Source", "DetailType", "Detail"] as const).find((name) => !entry[name]);
  if (missing)
    return {
      ErrorCode: "InvalidArgument",
      ErrorMessage: `Parameter ${missing} is not valid. Reason: ${missing} is a required argument.`,
    };
  const detail = objectIn(entry.Detail!);
  if (!detail) return { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." };
  // Only AWS's own services speak as them.
  if (entry.Source!.startsWith("aws.") && principal.type !== "service")
    return {
      ErrorCode: "NotAuthorizedForSourceException",
      ErrorMessage: "Not authorized for the source.",
    };
  // An event for a bus that does not exist is taken and goes nowhere.
  if (!eventsState(world).buses.has(busName(entry.EventBusName))) return { EventId: randomUUID() };
  return {
    EventId: put(world, busNamed(world, entry.EventBusName), {
      source: entry.Source!,
      "detail-type": entry.DetailType!,
      detail,
      resources: entry.Resources,
      time: entry.Time,
    }),
  };
}

function objectIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined; // the entry's result says so
  }
}

const sizeOf = ({ Time, Source = "", DetailType = "", Detail = "", Resources = [] }: PutEventsRequestEntry) =>
  (Time ? 14 : 0) + Buffer.byteLength(Source + DetailType + Detail + Resources.join(""));

const shown = ({ Source, DetailType, Detail, EventBusName }: PutEventsRequestEntry) =>
  `PutEventsRequestEntry(time=null, source=${Source ?? null}, resources=null, detailType=${DetailType ?? null}, detail=${Detail ?? null}, eventBusName=${EventBusName ?? null}, traceHeader=null, kmsKeyIdentifier=null, internalMetadata=null)`;
