import { StateMachine } from "aws-local-stepfunctions";
import { machineClock } from "../sandbox/clock.ts";
import type { Machine } from "../sandbox/states/asl.ts";
import { runExecution } from "../sandbox/states/run.ts";
import { type BenchResult, median } from "./result.ts";

const STATES = 200;
const REPETITIONS = 9;
const RUNS = 20;

/** A chain of Task and Choice states that do nothing but pass data on: what is left is the interpreter itself. */
function chain(language: "JSONata" | "JSONPath"): Machine {
  const States: Machine["States"] = {};
  for (let index = 0; index < STATES; index += 2) {
    const next = index + 2 < STATES ? `Task${index + 2}` : "End";
    States[`Task${index}`] = {
      Type: "Task",
      Resource: "arn:aws:lambda:us-east-1:123456789012:function:none",
      Next: `Choice${index}`,
    };
    States[`Choice${index}`] =
      language === "JSONata"
        ? {
            Type: "Choice",
            Choices: [{ Condition: "{% $states.input.value > 10 %}", Next: "End" }],
            Default: next,
          }
        : {
            Type: "Choice",
            Choices: [{ Variable: "$.value", NumericGreaterThan: 10, Next: "End" }],
            Default: next,
          };
  }
  States["End"] = { Type: "Succeed" };
  return { ...(language === "JSONata" ? { QueryLanguage: "JSONata" } : {}), StartAt: "Task0", States };
}

/** Transitions a second of our interpreter (JSONata) and of npm aws-local-stepfunctions (JSONPath), in turn. */
export async function interpreterBench(): Promise<BenchResult[]> {
  const input = { value: 1 };
  const ours = chain("JSONata");
  const theirs = new StateMachine(
    chain("JSONPath") as never,
    { validationOptions: { checkArn: false, checkPaths: false } } as never,
  );
  const clock = machineClock(1);
  const runOurs = async () => {
    const result = await runExecution({
      machine: ours,
      input,
      clock,
      task: async ({ arguments: given }) => given,
      newToken: () => "none",
      context: { Execution: {}, StateMachine: {} },
    });
    if (result.status !== "SUCCEEDED")
      throw new Error(`the interpreter's bench failed: ${result.error} ${result.cause}`);
  };
  const overrides = {
    taskResourceLocalHandlers: Object.fromEntries(
      Object.keys(ours.States).map((name) => [name, async (given: unknown) => given]),
    ),
  };
  const runTheirs = async () => {
    await theirs.run(input, { overrides } as never).result;
  };
  const rate = async (run: () => Promise<void>) => {
    const begun = performance.now();
    for (let each = 0; each < RUNS; each += 1) await run();
    return (RUNS * STATES) / ((performance.now() - begun) / 1000);
  };
  await runOurs();
  await runTheirs();
  const rates = { ours: [] as number[], theirs: [] as number[] };
  for (let each = 0; each < REPETITIONS; each += 1) {
    rates.ours.push(await rate(runOurs));
    rates.theirs.push(await rate(runTheirs));
  }
  const [a, b] = [median(rates.ours), median(rates.theirs)];
  return [
    {
      name: "interpreter / aws-local-stepfunctions",
      a,
      b,
      ratio: a / b,
      bar: 1,
      holds: a / b >= 1,
      unit: "transitions/s",
      note: "more is better",
    },
  ];
}
