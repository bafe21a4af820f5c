import type { AnnounceEvent, Asking } from "../runtime/protocol.ts";
import { changes, decided, footer, type Message, message, part } from "./layout.ts";

/** Everybody is told that a person is asked. The links go to the approvers alone, in a mail of their own. */
export const approval = (event: AnnounceEvent): Message =>
  message(`[${event.run.service}] a rollback waits for a person: ${event.decision?.rule ?? ""}`, [
    `The plan of ${event.run.service} asks for a person's word before this rollback. Nothing was changed.`,
    "",
    ...decided(event),
    ...changes(event, "Would change (before -> after)"),
    ...(event.asking
      ? asked(event, event.asking)
      : part("What to do", [
          `To go on, start an execution of its state machine with {"reason": "approved by ..."}.`,
        ])),
    ...footer(event),
  ]);

function asked({ run, decision }: AnnounceEvent, { approvers, expiresAt, atDeadline }: Asking): string[] {
  const { action, because } = atDeadline[decision?.level ?? ""] ?? {
    action: "hold" as const,
    because: "the level is not one of the plan's",
  };
  return part("What happens now", [
    `Asked: ${approvers.join(", ")}. Each has a mail with a link of his own.`,
    `Deadline: ${expiresAt}. Without an answer ${action === "rollback" ? "the rollback goes on" : "nothing is changed"}: ${because}.`,
    `With the rights in AWS it also goes by: watchdog approve ${run.id} (or --reject)`,
  ]);
}
