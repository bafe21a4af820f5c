import type { AnnounceEvent } from "../runtime/protocol.ts";
import { changes, decided, footer, type Message, message, part } from "./layout.ts";

/** A person said no: nothing was changed. */
export const rejected = (event: AnnounceEvent): Message =>
  message(
    `[${event.run.service}] rollback REJECTED by ${event.approval?.by ?? "a person"}, nothing was changed`,
    [
      `A rollback of ${event.run.service} was asked about and rejected.`,
      "Nothing was changed, and the lock is free.",
      "",
      ...decided(event),
      ...changes(event, "Would have changed (before -> after)"),
      ...part("What to do next", [
        "The cause is still there: follow the service.",
        `To roll back after all: watchdog run ${event.run.service} --reason "..."`,
      ]),
      ...footer(event),
    ],
  );
