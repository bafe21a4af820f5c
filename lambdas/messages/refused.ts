import type { AnnounceEvent } from "../runtime/protocol.ts";
import { causeText } from "./cause.ts";
import { changes, decided, footer, type Message, message, part } from "./layout.ts";

/** The run stopped before its first change. */
export const refused = (event: AnnounceEvent): Message =>
  message(`[${event.run.service}] rollback REFUSED, nothing was changed: a person is needed`, [
    `A rollback of ${event.run.service} was asked for and not carried out. Nothing was changed.`,
    "",
    ...part("Why", [
      ...(event.admission ? [`${event.admission.outcome}: ${event.admission.reason}`] : []),
      ...(event.failure
        ? [`${event.failure.state}: ${event.failure.error}`, causeText(event.failure.cause)]
        : []),
    ]),
    ...decided(event),
    ...changes(event, "Resolved so far"),
    ...part("What to do now", [
      "Look at the service, remove the cause above, and start a run again.",
      `A freeze is lifted with: watchdog unfreeze ${event.run.service}. A kept lock with: watchdog release ${event.run.service}`,
    ]),
    ...footer(event),
  ]);
