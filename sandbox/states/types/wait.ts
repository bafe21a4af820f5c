import { StateFailure } from "../failure.ts";
import type { StateHandler } from "../frame.ts";
import { EvaluationFailure } from "../jsonata.ts";
import { textAt } from "../jsonpath/state-fields.ts";
import { Visit } from "../visit.ts";

/** Waits on the world's clock. */
export const wait: StateHandler = (frame, name, state, input) => {
  const visit = new Visit(frame, name, state, input);
  const { clock } = frame.run.options;
  return visit.attempt(async () => {
    const seconds = await visit.number("Seconds", "SecondsPath");
    const until = seconds === undefined ? await timestamp(visit) : clock.now() + seconds * 1000;
    if (seconds !== undefined && !visit.jsonata && state.SecondsPath !== undefined)
      checkSeconds(visit, state.SecondsPath, seconds);
    if (seconds !== undefined && seconds < 0)
      throw new StateFailure("States.Runtime", `The Wait state '${name}' cannot wait ${seconds} seconds`);
    const left = until - clock.now();
    if (left > 0) await clock.sleep(left, frame.signal);
    return visit.exit({ next: visit.next });
  });
};

function checkSeconds(visit: Visit, path: string, seconds: number): void {
  const refuse = (what: string) =>
    new StateFailure(
      "States.Runtime",
      `An error occurred while executing the state '${visit.name}' (entered at the event id #${visit.enteredAt}). ` +
        `The SecondsPath parameter ${what}: ${path} == ${seconds}`,
    );
  if (!Number.isInteger(seconds)) throw refuse("cannot be parsed as a long value");
  if (seconds < 0) throw refuse("references a negative value");
}

async function timestamp(visit: Visit): Promise<number> {
  const { Timestamp, TimestampPath } = visit.state;
  if (visit.jsonata) {
    const text = (await visit.fillTyped(Timestamp, "Timestamp", "string")) as string;
    const at = instant(text);
    if (at === undefined)
      throw new EvaluationFailure(
        { state: visit.name, enteredAt: visit.enteredAt, field: "Timestamp" },
        `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${text}`,
      );
    return at;
  }
  const text = Timestamp ?? textAt(visit, TimestampPath!, "TimestampPath");
  const at = instant(text);
  if (at === undefined)
    throw new StateFailure(
      "States.Runtime",
      `An error occurred while executing the state '${visit.name}' (entered at the event id #${visit.enteredAt}). ` +
        `The ${Timestamp === undefined ? "TimestampPath" : "Timestamp"} parameter does not reference a valid ISO-8601 extended offset date-time format string: ` +
        (Timestamp === undefined ? `${TimestampPath} == ${text}` : text),
    );
  return at;
}

const OFFSET_DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** Epoch milliseconds of a date and time with an offset, as Step Functions takes it; undefined for any other text. */
function instant(text: string): number | undefined {
  const [, year, month, day] = OFFSET_DATE_TIME.exec(text) ?? [];
  const at = Date.parse(text);
  // JavaScript takes the 30th of February for the first of March.
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return year === undefined || Number.isNaN(at) || Number(day) > days ? undefined : at;
}
