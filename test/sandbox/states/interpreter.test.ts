import { describe, expect, it } from "vitest";
import { StateFailure } from "../../../sandbox/states/failure.ts";
import { execute } from "./execute.ts";

const task = (more: object = {}) => ({ Type: "Task", Resource: "arn:aws:states:::lambda:invoke", ...more });
const done = { Type: "Succeed" };

describe("Wait", () => {
  const until = (Timestamp: string) => execute({ Wait: { Type: "Wait", Timestamp, End: true } });

  it("takes seconds and instants of the clock, as they are or computed; what is past is no wait", async () => {
    expect((await execute({ Wait: { Type: "Wait", Seconds: "{% 2 * 45 %}", End: true } })).seconds).toBe(90);
    expect((await until("2026-01-08T10:01:00Z")).seconds).toBe(60);
    expect((await until("2026-01-08T12:02:00.5+02:00")).seconds).toBe(120.5);
    expect(await until("2016-03-05T21:29:29.243167252Z")).toMatchObject({ status: "SUCCEEDED", seconds: 0 });
  });

  it.each([
    ["without a T", "2016-12-05 21:29:29Z"],
    ["without an offset", "2016-12-05T21:29:29"],
    ["in a thirteenth month", "2016-13-05T21:29:29Z"],
    ["on a thirtieth of February", "2016-02-30T21:29:29Z"],
    ["at hour 25", "2016-12-05T25:29:29Z"],
    ["with the day first", "05-12-2016T21:29:29Z"],
  ])("takes no instant %s", async (_, text) => {
    const ended = await execute(
      { Wait: { Type: "Wait", Timestamp: "{% $states.input.at %}", End: true } },
      { input: { at: text } },
    );

    expect(ended).toMatchObject({
      status: "FAILED",
      error: "States.QueryEvaluationError",
      cause: `An error occurred while executing the state 'Wait' (entered at the event id #2). The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${text}`,
      types: ["ExecutionStarted", "WaitStateEntered", "EvaluationFailed", "ExecutionFailed"],
    });
  });
});

describe("Task", () => {
  it("hands on its result, and assigns from it, for the states after it", async () => {
    const ended = await execute(
      {
        Ask: task({
          Arguments: { twice: "{% 2 * $states.input.n %}" },
          Assign: { answer: "{% $states.result.value %}" },
          Output: { was: "{% $states.input.n %}" },
          Next: "Tell",
        }),
        Tell: { Type: "Pass", Output: "{% [$states.input.was, $answer] %}", End: true },
      },
      { input: { n: 21 }, task: (given) => ({ value: (given as { twice: number }).twice }) },
    );

    expect(ended).toMatchObject({ status: "SUCCEEDED", output: [21, 42] });
  });

  it("is tried again with growing pauses up to the longest, then caught, with the error at hand", async () => {
    const Retry = [
      {
        ErrorEquals: ["Busy"],
        IntervalSeconds: 2,
        BackoffRate: 3,
        MaxDelaySeconds: 10,
        MaxAttempts: 3,
      },
    ];
    const Catch = [
      { ErrorEquals: ["States.ALL"], Assign: { why: "{% $states.errorOutput.Error %}" }, Next: "Done" },
    ];
    const ended = await execute(
      { Ask: task({ Retry, Catch, End: true }), Done: { Type: "Pass", Output: "{% $why %}", End: true } },
      { task: () => new StateFailure("Busy", "come back") },
    );

    expect(ended).toMatchObject({ status: "SUCCEEDED", output: "Busy", seconds: 2 + 6 + 10 });
    expect(ended.types.filter((type) => type === "TaskStateEntered")).toHaveLength(1);
  });

  it("whose arguments cannot be computed fails before it is scheduled, and States.ALL catches that", async () => {
    const Catch = [{ ErrorEquals: ["States.ALL"], Output: "{% $states.errorOutput.Error %}", Next: "Done" }];
    const ended = await execute({
      Ask: task({ Arguments: { sum: "{% $unknown + 1 %}" }, Catch, End: true }),
      Done: { Type: "Pass", End: true },
    });

    expect(ended).toMatchObject({ status: "SUCCEEDED", output: "States.QueryEvaluationError" });
    expect(ended.types).not.toContain("TaskScheduled");
  });

  it.each(["States.Runtime", "States.DataLimitExceeded"])("%s is not of States.ALL", async (error) => {
    const Catch = [{ ErrorEquals: ["States.ALL"], Next: "Done" }];
    const ended = await execute(
      { Ask: task({ Catch, End: true }), Done: done },
      { task: () => new StateFailure(error, "the end") },
    );

    expect(ended).toMatchObject({ status: "FAILED", error });
  });
});

describe("Choice", () => {
  const choose = (n: unknown) =>
    execute(
      {
        Which: {
          Type: "Choice",
          Choices: [
            { Condition: "{% $states.input.n > 1 %}", Next: "Many" },
            { Condition: "{% $states.input.n = 1 %}", Output: "one", Next: "Done" },
          ],
        },
        Many: { Type: "Fail", Error: "TooMany", Cause: "{% 'there are ' & $states.input.n %}" },
        Done: done,
      },
      { input: { n } },
    );

  it("follows the first condition that holds; a Fail names its error and computes its cause", async () => {
    expect(await choose(1)).toMatchObject({ status: "SUCCEEDED", output: "one" });
    expect(await choose(2)).toMatchObject({ status: "FAILED", error: "TooMany", cause: "there are 2" });
  });

  it("with no way to go fails, and says so by its own name", async () => {
    expect(await choose(0)).toMatchObject({ status: "FAILED", error: "States.NoChoiceMatched" });
  });
});

describe("Parallel", () => {
  const branch = (states: Record<string, object>) => ({ StartAt: Object.keys(states)[0], States: states });

  it("ends when its slowest branch has, with their outputs in the branches' order", async () => {
    const ended = await execute({
      Both: {
        Type: "Parallel",
        Branches: [
          branch({ Slow: { Type: "Wait", Seconds: 30, Output: "slow", End: true } }),
          branch({ Quick: { Type: "Pass", Output: "quick", End: true } }),
        ],
        End: true,
      },
    });

    expect(ended).toMatchObject({ status: "SUCCEEDED", output: ["slow", "quick"], seconds: 30 });
  });

  it("stops the others when one fails, and that failure is its own", async () => {
    const ended = await execute({
      Both: {
        Type: "Parallel",
        Branches: [
          branch({ Slow: { Type: "Wait", Seconds: 3600, End: true } }),
          branch({ Broken: { Type: "Fail", Error: "Broken" } }),
        ],
        Catch: [{ ErrorEquals: ["Broken"], Next: "Done" }],
        End: true,
      },
      Done: done,
    });

    expect(ended).toMatchObject({ status: "SUCCEEDED", seconds: 0 });
  });

  it("keeps what a branch assigns inside the branch, and sees what was assigned outside", async () => {
    const ended = await execute({
      Before: { Type: "Pass", Assign: { outer: 1 }, Next: "Both" },
      Both: {
        Type: "Parallel",
        Branches: [
          branch({
            Set: { Type: "Pass", Assign: { inner: "{% $outer + 1 %}" }, Next: "Get" },
            Get: { Type: "Pass", Output: "{% $inner %}", End: true },
          }),
        ],
        Output: "{% [$states.result[0], $exists($inner)] %}",
        End: true,
      },
    });

    expect(ended).toMatchObject({ status: "SUCCEEDED", output: [2, false] });
  });
});

describe("Map", () => {
  const each = (more: object = {}) => ({
    Each: {
      Type: "Map",
      Items: "{% $states.input.items %}",
      ItemSelector: {
        at: "{% $states.context.Map.Item.Index %}",
        of: "{% $states.context.Map.Item.Value %}",
      },
      ItemProcessor: {
        StartAt: "One",
        States: {
          One: { Type: "Wait", Seconds: 10, Output: "{% $states.input.at & $states.input.of %}", End: true },
        },
      },
      End: true,
      ...more,
    },
  });

  it("runs as many at a time as it may, and keeps the items' order", async () => {
    const input = { items: ["a", "b", "c", "d", "e"] };

    expect(await execute(each(), { input })).toMatchObject({
      output: ["0a", "1b", "2c", "3d", "4e"],
      seconds: 10,
    });
    expect(await execute(each({ MaxConcurrency: 2 }), { input })).toMatchObject({
      output: ["0a", "1b", "2c", "3d", "4e"],
      seconds: 30,
    });
  });

  it("of nothing is nothing", async () => {
    expect(await execute(each(), { input: { items: [] } })).toMatchObject({
      status: "SUCCEEDED",
      output: [],
    });
  });
});

it("a machine's own deadline ends it as TIMED_OUT, and no Catch sees that", async () => {
  const Catch = [{ ErrorEquals: ["States.ALL"], Next: "Done" }];
  const branch = { StartAt: "Wait", States: { Wait: { Type: "Wait", Seconds: 60, End: true } } };
  const states = { All: { Type: "Parallel", Branches: [branch], Catch, Next: "Done" }, Done: done };

  expect(await execute(states, { timeoutSeconds: 61 })).toMatchObject({ status: "SUCCEEDED" });
  expect(await execute(states, { timeoutSeconds: 59 })).toMatchObject({ status: "TIMED_OUT", seconds: 59 });
});
