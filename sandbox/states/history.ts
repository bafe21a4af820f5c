import type { HistoryEvent } from "@aws-sdk/client-sfn";
import { StateFailure } from "./failure.ts";

/** An execution has at most this many events (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html). */
export const MOST_EVENTS = 25_000;

/** The events of one execution, numbered from 1, with times on the world's clock. */
export class History {
  readonly events: HistoryEvent[] = [];
  readonly #now: () => number;
  readonly #listener: ((event: HistoryEvent) => void) | undefined;

  constructor(now: () => number, listener?: (event: HistoryEvent) => void) {
    this.#now = now;
    this.#listener = listener;
  }

  /** Adds an event and returns its id. The last place is kept for the execution's own end. */
  add(type: HistoryEvent["type"], previousEventId: number, details: Partial<HistoryEvent> = {}): number {
    const ends = type?.startsWith("Execution") && type !== "ExecutionStarted" && type !== "ExecutionRedriven";
    if (this.events.length >= MOST_EVENTS - 1 && !ends)
      throw new StateFailure(
        "States.Runtime",
        `The execution reached the maximum number of history events (${MOST_EVENTS}).`,
      );
    const event: HistoryEvent = {
      timestamp: new Date(this.#now()),
      type,
      id: this.events.length + 1,
      previousEventId,
      ...details,
    };
    this.events.push(event);
    this.#listener?.(event);
    return event.id!;
  }
}
