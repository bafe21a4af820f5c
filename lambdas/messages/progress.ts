import type { AnnounceEvent } from "../runtime/protocol.ts";
import { checks, footer, type Message, message, part } from "./layout.ts";

/** A sign of life during the watch. */
export function progress(event: AnnounceEvent): Message {
  const { round = 0, of = 0, everySeconds = 60 } = event.watch ?? {};
  const minutes = Math.round((round * everySeconds) / 60);
  return message(
    `[${event.run.service}] rollback holds for ${minutes} of ${Math.round((of * everySeconds) / 60)} minutes`,
    [
      `The rollback of ${event.run.service} is done and has been watched for ${minutes} minutes: round ${round} of ${of}.`,
      "",
      ...checks(event),
      ...part("What you can do", [
        "Nothing has to be done. A check that fails ends the watch, and a person is told at once.",
        `To stop before any further change: watchdog freeze ${event.run.service} --until <time>`,
      ]),
      ...footer(event),
    ],
  );
}
