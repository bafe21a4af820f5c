import { StateFailure } from "../../../sandbox/states/failure.ts";
import type { RunResult } from "../../../sandbox/states/frame.ts";
import { runExecution } from "../../../sandbox/states/run.ts";
import { virtualClock } from "../../../sandbox/virtual-clock.ts";

const START = Date.UTC(2026, 0, 8, 10);

/** What a task answers: a value, or a {@link StateFailure} to fail with; called with its arguments, and how often before. */
export type Task = (given: unknown, calls: number) => unknown;

/** An execution on a clock that does not wait. */
export interface Executed extends RunResult {
  /** Sandbox seconds from the first event to the last. */
  seconds: number;
  /** Types of its events, in order. */
  types: string[];
}

/** Runs one JSONata machine; all tasks are `task`, and fail unless it is given. */
export async function execute(
  states: Record<string, object>,
  { input = {}, task, timeoutSeconds }: { input?: unknown; task?: Task; timeoutSeconds?: number } = {},
): Promise<Executed> {
  const clock = virtualClock(START);
  let calls = 0;
  const result = await runExecution({
    machine: {
      QueryLanguage: "JSONata",
      StartAt: Object.keys(states)[0]!,
      States: states,
      ...(timeoutSeconds ? { TimeoutSeconds: timeoutSeconds } : {}),
    } as never,
    input,
    clock,
    context: {
      Execution: { Id: "arn:execution", Name: "one", Input: input, StartTime: new Date(START).toISOString() },
      StateMachine: { Id: "arn:machine", Name: "machine" },
    },
    newToken: () => "token",
    task: async ({ arguments: given }) => {
      const answer = task?.(given, calls++) ?? new StateFailure("NoTask", "this test has no task");
      if (answer instanceof StateFailure) throw answer;
      return answer;
    },
  });
  return {
    ...result,
    seconds: (clock.now() - START) / 1000,
    types: result.history.events.map(({ type }) => type!),
  };
}
