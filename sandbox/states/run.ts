import type { HistoryEvent } from "@aws-sdk/client-sfn";
import type { Clock } from "../clock.ts";
import type { Machine, QueryLanguage, State } from "./asl.ts";
import { StateFailure, Stopped } from "./failure.ts";
import { History } from "./history.ts";
import { Scope } from "./scope.ts";
import { handlers } from "./types/index.ts";

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

/** What one execution runs on. */
export interface RunOptions {
  machine: Machine;
  input: unknown;
  clock: Clock;
  task: TaskRunner;
  /** The context object's fixed parts: Execution and StateMachine. */
  context: { Execution: Record<string, unknown>; StateMachine: Record<string, unknown> };
  startedDetails?: Partial<HistoryEvent>;
  onEvent?: (event: HistoryEvent) => void;
  newToken(): string;
  /** Stops the execution: `abort(new Stopped(...))`. */
  signal?: AbortSignal;
  /** Continues after a failure, with its history, from the state that failed. */
  redrive?: { history: History; state: string; input: unknown; variables: Record<string, unknown> };
}

/** How an execution ended. */
export interface RunResult {
  status: "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";
  output?: unknown;
  error?: string;
  cause?: string;
  history: History;
  /** Where a redrive would begin. */
  failedAt?: { state: string; input: unknown; variables: Record<string, unknown> };
}

/** One machine or branch being run: what its states share. */
export interface Frame {
  run: Run;
  machine: Machine;
  language: QueryLanguage;
  scope: Scope;
  /** Id of the newest event of this line of execution. */
  last: number;
  /** Map's part of the context object, inside an iteration. */
  map?: { Item: { Index: number; Value: unknown } };
  signal: AbortSignal;
}

/** The state of one execution. */
export class Run {
  readonly options: RunOptions;
  readonly history: History;
  failedAt: RunResult["failedAt"];

  constructor(options: RunOptions) {
    this.options = options;
    this.history = options.redrive?.history ?? new History(() => options.clock.now(), options.onEvent);
  }

  add(frame: Frame, type: HistoryEvent["type"], details?: Partial<HistoryEvent>): number {
    frame.last = this.history.add(type, frame.last, details);
    return frame.last;
  }

  /** The context object of a state. */
  context(
    frame: Frame,
    name: string,
    enteredTime: string,
    retryCount: number,
    token?: string,
  ): Record<string, unknown> {
    const { Execution, StateMachine } = this.options.context;
    return {
      Execution,
      State: { Name: name, EnteredTime: enteredTime, RetryCount: retryCount },
      StateMachine,
      ...(frame.map ? { Map: frame.map } : {}),
      ...(token ? { Task: { Token: token } } : {}),
    };
  }
}

const LARGEST = 262_144;

/** Refuses data above the service's limit. */
export function withinLimit(text: string, what: string, state: string): void {
  if (text.length > LARGEST / 4 && Buffer.byteLength(text) > LARGEST)
    throw new StateFailure(
      "States.DataLimitExceeded",
      `The state/task '${state}' returned a result with a size exceeding the maximum number of bytes service limit.${what === "output" ? "" : ` (${what})`}`,
    );
}

/** Runs a machine (or a branch) from a state to its end; returns the last state's output. */
export async function runMachine(
  frame: Frame,
  startAt: string,
  input: unknown,
  top: boolean,
): Promise<unknown> {
  let name: string | undefined = startAt;
  let data = input;
  while (name !== undefined) {
    if (frame.signal.aborted) throw frame.signal.reason;
    const state: State | undefined = frame.machine.States[name];
    if (!state) throw new StateFailure("States.Runtime", `The state '${name}' does not exist`);
    if (top) frame.run.failedAt = { state: name, input: data, variables: frame.scope.own() };
    const step = await handlers[state.Type](frame, name, state, data);
    data = step.output;
    name = step.next;
  }
  return data;
}

/** Runs one execution from start to end and records its history. Never throws for what happens inside it. */
export async function runExecution(options: RunOptions): Promise<RunResult> {
  const run = new Run(options);
  const stop = new AbortController();
  const outside = () => stop.abort(options.signal?.reason);
  if (options.signal?.aborted) outside();
  options.signal?.addEventListener("abort", outside, { once: true });
  const { machine } = options;
  const cancelTimeout =
    machine.TimeoutSeconds === undefined
      ? undefined
      : options.clock.after(machine.TimeoutSeconds * 1000, () => stop.abort(new Stopped("TIMED_OUT")));
  const frame: Frame = {
    run,
    machine,
    language: machine.QueryLanguage ?? "JSONPath",
    scope: new Scope(),
    last: 0,
    signal: stop.signal,
  };
  const { redrive } = options;
  const { history } = run;
  try {
    if (redrive) {
      frame.scope.assign(redrive.variables);
      frame.last = history.add("ExecutionRedriven", history.events.length, {
        executionRedrivenEventDetails: { redriveCount: 1 },
      });
    } else history.add("ExecutionStarted", 0, options.startedDetails);
    // A state's wait must end when the execution is stopped, even where the state itself does not look.
    const stopped = new Promise<never>((_, reject) => {
      const reason = () => reject(stop.signal.reason);
      if (stop.signal.aborted) reason();
      stop.signal.addEventListener("abort", reason, { once: true });
    });
    const output = await Promise.race([
      runMachine(frame, redrive?.state ?? machine.StartAt, redrive ? redrive.input : options.input, true),
      stopped,
    ]);
    const text = JSON.stringify(output);
    history.add("ExecutionSucceeded", frame.last, {
      executionSucceededEventDetails: { output: text, outputDetails: { truncated: false } },
    });
    return { status: "SUCCEEDED", output, history };
  } catch (problem) {
    if (problem instanceof Stopped) {
      const details = { error: problem.error, cause: problem.causeText };
      if (problem.status === "ABORTED")
        history.add("ExecutionAborted", frame.last, { executionAbortedEventDetails: details });
      else history.add("ExecutionTimedOut", frame.last, { executionTimedOutEventDetails: details });
      return { status: problem.status, ...details, history, failedAt: run.failedAt };
    }
    const failure =
      problem instanceof StateFailure
        ? problem
        : new StateFailure("States.Runtime", String((problem as Error).stack ?? problem));
    const details = { error: failure.error, cause: failure.causeText };
    history.add("ExecutionFailed", frame.last, { executionFailedEventDetails: details });
    return { status: "FAILED", ...details, history, failedAt: run.failedAt };
  } finally {
    cancelTimeout?.();
    options.signal?.removeEventListener("abort", outside);
    stop.abort(new Stopped("ABORTED"));
  }
}
