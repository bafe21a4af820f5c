import type { AnnounceEvent } from "../runtime/protocol.ts";
import { decided, footer, type Message, message, part } from "./layout.ts";

/** The decision was to change nothing, and why; or that nothing could be decided, which calls a person. */
export const notified = (event: AnnounceEvent): Message => {
  const unknown = event.decision?.decision === "unknown";
  const title = unknown ? "LOOK NOW: the alarm cannot be judged" : "nothing was changed";
  return message(`[${event.run.service}] ${title}: ${event.decision?.rule ?? "no rule"}`, [
    unknown
      ? `An alarm of ${event.run.service} rang and cannot be judged: it has no data, cannot be read, or was edited. Nothing was changed, and silence is no good news.`
      : `An alarm of ${event.run.service} was looked at, and nothing was changed.`,
    "",
    ...decided(event),
    ...part("What you can do", [
      "Look at the service.",
      `To roll back all the same, run: watchdog run ${event.run.service} --reason "..."`,
    ]),
    ...footer(event),
  ]);
};
