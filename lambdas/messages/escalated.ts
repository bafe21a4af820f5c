import type { AnnounceEvent } from "../runtime/protocol.ts";
import { causeText } from "./cause.ts";
import { changes, checks, decided, footer, type Message, message, part } from "./layout.ts";
import { causeWords } from "./variables.ts";

/** A rung of the ladder: a person is needed and nobody has said that they are on it. */
export function escalated(event: AnnounceEvent): Message {
  const { run, failure, escalation, reverts } = event;
  const minutes = Math.round((escalation?.afterSeconds ?? 0) / 60);
  const cause = escalation ? causeWords(escalation.cause) : "a person is needed";
  return message(`[${run.service}] ESCALATION ${escalation?.rung ?? 1} of ${escalation?.of ?? 1}: ${cause}`, [
    `${run.service} needs a person: ${cause}. ` +
      (minutes > 0
        ? `Nobody has acknowledged for ${minutes} minutes.`
        : "This goes on up the ladder until somebody acknowledges."),
    "",
    ...part("What to do now", [
      "Take over, and say so; then this calls nobody any more:",
      `watchdog ack ${run.id} --service ${run.service} --by <name>`,
    ]),
    ...part(
      "What happened",
      failure ? [`${failure.state}: ${failure.error}`, causeText(failure.cause)] : [run.reason],
    ),
    ...part(
      "NOT undone",
      reverts.filter(({ reverted }) => !reverted).map(({ step, note }) => `${step}: ${note}`),
    ),
    ...checks(event),
    ...decided(event),
    ...changes(event, "The run was to change"),
    ...footer(event),
  ]);
}
