import { StateFailure } from "../failure.ts";
import { textAt } from "../jsonpath/state-fields.ts";
import { Visit } from "../visit.ts";
import type { StateHandler } from "./index.ts";

/** Waits on the world's clock. */
export const wait: StateHandler = (frame, name, state, input) => {
  const visit = new Visit(frame, name, state, input);
  const { clock } = frame.run.options;
  return visit.attempt(async () => {
    const seconds = await visit.number("Seconds", "SecondsPath");
    const until = seconds === undefined ? await timestamp(visit) : clock.now() + seconds * 1000;
    if (seconds !== undefined && seconds < 0)
      throw new StateFailure("States.Runtime", `The Wait state '${name}' cannot wait ${seconds} seconds`);
    const left = until - clock.now();
    if (left > 0) await clock.sleep(left, frame.signal);
    return visit.exit({ next: visit.next });
  });
};

async function timestamp(visit: Visit): Promise<number> {
  const { Timestamp, TimestampPath } = visit.state;
  const text =
    Timestamp === undefined
      ? textAt(visit, TimestampPath!, "TimestampPath")
      : visit.jsonata
        ? ((await visit.fillTyped(Timestamp, "Timestamp", "string")) as string)
        : Timestamp;
  const at = Date.parse(text);
  if (Number.isNaN(at))
    throw new StateFailure(
      "States.Runtime",
      `An error occurred while executing the state '${visit.name}' (entered at the event id #${visit.enteredAt}). The Timestamp parameter does not reference a valid ISO-8601 extended offset date-time format string: ${text}`,
    );
  return at;
}
