import { randomUUID } from "node:crypto";
import type { PutEventsCommandInput, PutEventsCommandOutput } from "@aws-sdk/client-eventbridge";
import { operation, ServiceException } from "../../service.ts";
import { put } from "./deliver.ts";
import { busNamed, DEFAULT_BUS, eventsState } from "./state.ts";

/** Puts events on a bus; each entry has its own result. */
export const PutEvents = operation<PutEventsCommandInput, Omit<PutEventsCommandOutput, "$metadata">>({
  authorize: (input, { world }) => [
    {
      action: "events:PutEvents",
      resources: [
        ...new Set(
          (input.Entries ?? []).map(({ EventBusName }) =>
            world.arn("events", `event-bus/${EventBusName?.split("event-bus/").at(-1) ?? DEFAULT_BUS}`),
          ),
        ),
      ],
      context: {
        "events:source": input.Entries?.[0]?.Source ?? "",
        "events:detail-type": input.Entries?.[0]?.DetailType ?? "",
      },
    },
  ],
  run: (input, { world }) => {
    const entries = input.Entries ?? [];
    if (entries.length === 0 || entries.length > 10)
      throw new ServiceException(
        "ValidationException",
        "1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length less than or equal to 10",
      );
    const results = entries.map((entry) => {
      const missing = (["Source", "DetailType", "Detail"] as const).find((name) => !entry[name]);
      if (missing)
        return {
          ErrorCode: "InvalidArgument",
          ErrorMessage: `Parameter ${missing} is not valid. Reason: ${missing} is a required argument.`,
        };
      let detail: unknown;
      try {
        detail = JSON.parse(entry.Detail!);
      } catch {
        detail = undefined;
      }
      if (typeof detail !== "object" || detail === null || Array.isArray(detail))
        return { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." };
      if (entry.Source!.startsWith("aws."))
        return {
          ErrorCode: "NotAuthorizedForSourceException",
          ErrorMessage: "Not authorized for the source.",
        };
      if (!eventsState(world).buses.has(entry.EventBusName?.split("event-bus/").at(-1) ?? DEFAULT_BUS))
        return { EventId: randomUUID() };
      const event = {
        source: entry.Source!,
        "detail-type": entry.DetailType!,
        detail,
        resources: entry.Resources,
        time: entry.Time,
      };
      return { EventId: put(world, busNamed(world, entry.EventBusName), event) };
    });
    return { Entries: results, FailedEntryCount: results.filter((each) => "ErrorCode" in each).length };
  },
});
