import type { HistoryEvent } from "@aws-sdk/client-sfn";

/** What a task's resource is asked to do. */
export interface TaskCall {
  resource: string;
  arguments: unknown;
  /** The token a callback task hands out; the engine waits for `callback` when the resource asks for it. */
  token: string;
  /** Aborted when the task times out or the execution ends. */
  signal: AbortSignal;
  /** History of this task's own events (TaskScheduled …). */
  events: TaskEvents;
  timeoutSeconds: number | undefined;
  heartbeatSeconds: number | undefined;
}

/** Adds the task's own events, each after the last. */
export interface TaskEvents {
  add(type: HistoryEvent["type"], details?: Partial<HistoryEvent>): void;
}

/** Does a task's work: the services behind it. Throws {@link StateFailure}. Records its own task events. */
export type TaskRunner = (call: TaskCall) => Promise<unknown>;
