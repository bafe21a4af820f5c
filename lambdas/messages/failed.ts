import type { AnnounceEvent } from "../runtime/protocol.ts";
import { causeText } from "./cause.ts";
import { changes, checks, decided, footer, type Message, message, part } from "./layout.ts";

/** A run that did not make it: what happened, what was undone, what stays, what a person has to do now. */
export function failed(event: AnnounceEvent): Message {
  const { failure, reverts, run } = event;
  const undone = reverts.filter(({ reverted }) => reverted).map(({ step, note }) => `${step}: ${note}`);
  const left = reverts.filter(({ reverted }) => !reverted).map(({ step, note }) => `${step}: ${note}`);
  return message(
    `[${run.service}] ROLLBACK FAILED at ${failure?.state ?? "an unknown state"}: a person is needed`,
    [
      `The rollback of ${run.service} failed. Automation of ${run.service} stops until a person releases the lock.`,
      "",
      ...part("What happened", [
        `${failure?.state ?? "?"}: ${failure?.error ?? "?"}`,
        causeText(failure?.cause),
      ]),
      ...part("Undone, newest first", undone),
      ...part("NOT undone", left),
      ...(reverts.length === 0
        ? part("Left as it is", ["Nothing was undone: the steps below stand as far as they came."])
        : []),
      ...checks(event),
      ...decided(event),
      ...changes(event, "The run was to change"),
      ...part("What to do now", [
        "Look at the service: is it broken, and since when? The steps above say what is in place.",
        `Open the execution ${run.id} in the Step Functions console; the failed state is marked.`,
        `When the cause is gone: watchdog release ${run.service}, then start a run again. Steps that are done are found and skipped.`,
      ]),
      ...footer(event),
    ],
  );
}
