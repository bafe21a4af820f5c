import type { State } from "./asl.ts";
import { StateFailure, Stopped } from "./failure.ts";
import { type Frame, Run, type RunOptions, type RunResult } from "./frame.ts";
import { Scope } from "./scope.ts";
import { handlers } from "./types/index.ts";

/** Runs a machine (or a branch) from a state to its end; returns the last state's output. */
async function runMachine(frame: Frame, startAt: string, input: unknown, top: boolean): Promise<unknown> {
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
  const run = new Run(options, (frame, input) => runMachine(frame, frame.machine.StartAt, input, false));
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
