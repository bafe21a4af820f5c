import type { AnnounceEvent } from "../runtime/protocol.ts";
import { changes, decided, footer, type Message, message, part } from "./layout.ts";

/** The plan leaves this one to a person. */
export const approval = (event: AnnounceEvent): Message =>
  message(`[${event.run.service}] a rollback waits for a person: ${event.decision?.rule ?? ""}`, [
    `The plan of ${event.run.service} asks for a person's word before this rollback. Nothing was changed.`,
    "",
    ...decided(event),
    ...changes(event, "Would change (before -> after)"),
    ...part("What to do", [
      `To go on, start an execution of its state machine with {"reason": "approved by ..."}.`,
    ]),
    ...footer(event),
  ]);
