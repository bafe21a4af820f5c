import type { HistoryEvent } from "@aws-sdk/client-sfn";
import type { Clock } from "../clock.ts";
import type { Machine, QueryLanguage, State } from "./asl.ts";
import { History } from "./history.ts";
import type { Scope } from "./scope.ts";
import type { TaskRunner } from "./task-call.ts";

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

/** Runs a machine from its first state to its end; answers with the last state's output. */
export type RunBranch = (frame: Frame, input: unknown) => Promise<unknown>;

/** Where a state leads. */
export interface Step {
  output: unknown;
  next: string | undefined;
}

/** Runs one state of its type. */
export type StateHandler = (frame: Frame, name: string, state: State, input: unknown) => Promise<Step>;

/** The state of one execution. */
export class Run {
  readonly options: RunOptions;
  readonly history: History;
  /** Runs a state's own machine: a branch of a Parallel, an iteration of a Map. */
  readonly branch: RunBranch;
  failedAt: RunResult["failedAt"];

  constructor(options: RunOptions, branch: RunBranch) {
    this.options = options;
    this.branch = branch;
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
    retryCount: number | undefined,
    token?: string,
  ): Record<string, unknown> {
    const { Execution, StateMachine } = this.options.context;
    return {
      Execution,
      State: {
        Name: name,
        EnteredTime: enteredTime,
        ...(retryCount === undefined ? {} : { RetryCount: retryCount }),
      },
      StateMachine,
      ...(frame.map ? { Map: frame.map } : {}),
      ...(token ? { Task: { Token: token } } : {}),
    };
  }
}
