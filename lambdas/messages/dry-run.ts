import type { AnnounceEvent } from "../runtime/protocol.ts";
import { changes, decided, footer, type Message, message, part } from "./layout.ts";
import { plannedLines } from "./planned.ts";

/** What a run would do; nothing was changed. */
export const dryRun = (event: AnnounceEvent): Message => {
  const { service, observed } = event.run;
  return message(`[${service}] ${observed ? "OBSERVED" : "dry run"}: what a rollback would change`, [
    observed
      ? `The plan of ${service} only observes (mode: observe). Nothing was changed. Armed, it would have done this now:`
      : `A dry run of ${service} ended. Nothing was changed. A real run now would do this:`,
    "",
    ...decided(event),
    ...changes(event, "Would change (before -> after)"),
    ...plannedLines(event.planned),
    ...part("What to do next", [
      ...(observed
        ? [
            "Judge whether it would have been right. When it is right often enough, take `mode: observe` out of the plan.",
          ]
        : [`Compare the changes with what you expect. To make them: watchdog run ${service} --reason "..."`]),
    ]),
    ...footer(event),
  ]);
};
