import type { AnnounceEvent } from "../runtime/protocol.ts";
import { changes, decided, footer, type Message, message, part } from "./layout.ts";

/** What a run would do; nothing was changed. */
export const dryRun = (event: AnnounceEvent): Message =>
  message(`[${event.run.service}] dry run: what a rollback would change`, [
    `A dry run of ${event.run.service} ended. Nothing was changed. A real run now would do this:`,
    "",
    ...decided(event),
    ...changes(event, "Would change (before -> after)"),
    ...part("What to do next", [
      `Compare the changes with what you expect. To make them, start an execution of its state machine with {"reason": "..."} and without dryRun.`,
    ]),
    ...footer(event),
  ]);
