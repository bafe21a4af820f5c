import type { AnnounceEvent } from "../runtime/protocol.ts";
import { changes, decided, footer, type Message, message, part } from "./layout.ts";

/** Nobody answered, and the default is to hold; or somebody froze the service during the wait. */
export const held = (event: AnnounceEvent): Message =>
  message(`[${event.run.service}] rollback HELD, nothing was changed: a person is needed`, [
    `A rollback of ${event.run.service} was asked about and does not go on.`,
    "Nothing was changed, and the lock is free.",
    "",
    ...part("Why", [event.approval?.because ?? "no reason was given"]),
    ...decided(event),
    ...changes(event, "Would have changed (before -> after)"),
    ...part("What to do now", [
      "Look at the service; the alarm is not answered yet.",
      `To roll back: watchdog run ${event.run.service} --reason "..."`,
    ]),
    ...footer(event),
  ]);
