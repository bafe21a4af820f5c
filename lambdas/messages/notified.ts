import type { AnnounceEvent } from "../runtime/protocol.ts";
import { decided, footer, type Message, message, part } from "./layout.ts";

/** The decision was to change nothing, and why. */
export const notified = (event: AnnounceEvent): Message =>
  message(`[${event.run.service}] nothing was changed: ${event.decision?.rule ?? "no rule"}`, [
    `An alarm of ${event.run.service} was looked at, and nothing was changed.`,
    "",
    ...decided(event),
    ...part("What you can do", [
      "Look at the service.",
      `To roll back all the same, start an execution of its state machine with {"reason": "..."}.`,
    ]),
    ...footer(event),
  ]);
