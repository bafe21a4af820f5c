import type { AnnounceEvent } from "../runtime/protocol.ts";
import { changes, decided, footer, type Message, message, part } from "./layout.ts";

/** First notice: everything is resolved, nothing is changed yet. */
export const started = (event: AnnounceEvent): Message =>
  message(`[${event.run.service}] rollback started: ${event.decision?.rule ?? event.run.reason}`, [
    `A rollback of ${event.run.service} has started. Nothing was changed before this mail.`,
    "",
    ...decided(event),
    ...changes(event, "Will change (before -> after)"),
    ...part("What you can do", [
      "Nothing has to be done. Each step is checked, and undone if a later one fails.",
      `To stop it before its next change: watchdog freeze ${event.run.service} --until <time>`,
    ]),
    ...footer(event),
  ]);
