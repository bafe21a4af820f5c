import { describe, expect, it } from "vitest";
import { StateFailure } from "../../../sandbox/states/failure.ts";
import { execute, type Task } from "./execute.ts";

/** Each event's type with the id of the one it follows, as AWS's histories show them. */
async function chain(states: Record<string, object>, given: { input?: unknown; task?: Task } = {}) {
  const { history } = await execute(states, given);
  return history.events.map(({ type, previousEventId }) => `${type} ${previousEventId}`);
}
const pass = { StartAt: "Each", States: { Each: { Type: "Pass", End: true } } };
const fail = { StartAt: "Each", States: { Each: { Type: "Fail" } } };

describe("what an event follows", () => {
  it("an iteration of a Map follows the last event inside the one before", async () => {
    const map = { Type: "Map", Items: [1, 2], MaxConcurrency: 1, ItemProcessor: pass, End: true };

    expect(await chain({ Map: map })).toEqual([
      "ExecutionStarted 0",
      "MapStateEntered 0",
      "MapStateStarted 2",
      "MapIterationStarted 3",
      "PassStateEntered 4",
      "PassStateExited 5",
      "MapIterationSucceeded 6",
      "MapIterationStarted 6",
      "PassStateEntered 8",
      "PassStateExited 9",
      "MapIterationSucceeded 10",
      "MapStateSucceeded 11",
      "MapStateExited 11",
      "ExecutionSucceeded 13",
    ]);
  });

  it("a Map's new attempt and its failure follow what failed inside", async () => {
    const Retry = [{ ErrorEquals: ["States.ALL"], MaxAttempts: 1 }];
    const map = { Type: "Map", Items: [1], MaxConcurrency: 1, ItemProcessor: fail, Retry, End: true };

    expect((await chain({ Map: map })).slice(3)).toEqual([
      "MapIterationStarted 3",
      "FailStateEntered 4",
      "MapIterationFailed 5",
      "MapStateStarted 5",
      "MapIterationStarted 7",
      "FailStateEntered 8",
      "MapIterationFailed 9",
      "MapStateFailed 9",
      "ExecutionFailed 11",
    ]);
  });

  it("a distributed Map shows its map run, and nothing of its children", async () => {
    const ProcessorConfig = { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" };
    const map = (processor: object) => ({
      Map: { Type: "Map", Items: [1, 2], ItemProcessor: { ProcessorConfig, ...processor }, End: true },
    });
    const failed = await execute(map(fail));

    expect((await chain(map(pass))).slice(2)).toEqual([
      "MapStateStarted 2",
      "MapRunStarted 3",
      "MapRunSucceeded 4",
      "MapStateSucceeded 5",
      "MapStateExited 5",
      "ExecutionSucceeded 7",
    ]);
    expect(failed.types.slice(3)).toEqual([
      "MapRunStarted",
      "MapRunFailed",
      "MapStateFailed",
      "ExecutionFailed",
    ]);
    expect(failed.error).toBe("States.ExceedToleratedFailureThreshold");
  });

  it("a failed evaluation stands beside the state's entry", async () => {
    expect(await chain({ Pass: { Type: "Pass", Output: "{% $nothing %}", End: true } })).toEqual([
      "ExecutionStarted 0",
      "PassStateEntered 0",
      "EvaluationFailed 0",
      "ExecutionFailed 3",
    ]);
  });
});

describe("values as AWS gives them", () => {
  it("a range of one number is that number", async () => {
    const several = await execute({
      Pass: { Type: "Pass", Output: "{% $range(0, 9, 3) %}", End: true },
    });
    const one = await execute({ Pass: { Type: "Pass", Output: "{% $range(1, 9, 9) %}", End: true } });

    expect(one.output).toBe(1);
    expect(several.output).toEqual([0, 3, 6, 9]);
  });

  it("only a state that can be tried again counts its retries", async () => {
    const Output = "{% $states.context.State.RetryCount %}";
    const counted = { Type: "Task", Resource: "any", Output, End: true };

    expect((await execute({ Task: counted }, { task: () => ({}) })).output).toBe(0);
    expect((await execute({ Pass: { Type: "Pass", Output, End: true } })).error).toBe(
      "States.QueryEvaluationError",
    );
  });

  it.each([
    [new StateFailure("States.Timeout"), { Error: "States.Timeout", Cause: "" }],
    [new StateFailure(undefined), { Error: null, Cause: null }],
    [new StateFailure("Lab.Broken", "why"), { Error: "Lab.Broken", Cause: "why" }],
  ])("a catcher of %s sees both members", async (failure, output) => {
    const Catch = [{ ErrorEquals: ["States.ALL"], Next: "End" }];
    const ended = await execute(
      { Task: { Type: "Task", Resource: "any", Catch, End: true }, End: { Type: "Succeed" } },
      { task: () => failure },
    );

    expect(ended.output).toEqual(output);
  });

  it("States.Runtime ends the execution, even where it is named", async () => {
    const Catch = [{ ErrorEquals: ["States.Runtime"], Next: "End" }];
    const ended = await execute(
      { Task: { Type: "Task", Resource: "any", Catch, End: true }, End: { Type: "Succeed" } },
      { task: () => new StateFailure("States.Runtime", "why") },
    );

    expect(ended).toMatchObject({ status: "FAILED", error: "States.Runtime", cause: "why" });
  });
});
