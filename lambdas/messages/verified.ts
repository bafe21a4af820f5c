import type { AnnounceEvent } from "../runtime/protocol.ts";
import { changes, checks, footer, type Message, message, part } from "./layout.ts";

/** Switched over and verified; the watch begins. */
export const verified = (event: AnnounceEvent): Message =>
  message(`[${event.run.service}] restored and verified, now being watched`, [
    `${event.run.service} was rolled back and every check passed. It is watched from now on; the outcome follows.`,
    "",
    ...checks(event),
    ...changes(event, "Changed (before -> after)"),
    ...part("What to do now", [
      "Nothing has to be done while it is watched. Tell whoever reported the problem.",
    ]),
    ...footer(event),
  ]);
