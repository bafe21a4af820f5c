import type { EndedRun, Expectation } from "./scenario.ts";

/** What every scenario expects of what the alarms began: one run, which repaired the service. */
export const oneGoodRun = (run: EndedRun): Expectation[] => [
  { text: "the run succeeded", held: run.status === "SUCCEEDED", detail: run.status },
  { text: "one alarm storm, one run", held: run.executions === 1, detail: `${run.executions} execution(s)` },
];

/** Whether the run entered all these levels or steps, each no earlier than the one before it. */
export function inOrder(text: string, run: EndedRun, names: string[]): Expectation {
  const entered = names.map((name) => run.enteredAt(name));
  return {
    text,
    held: entered.every((at, index) => at !== undefined && (index === 0 || at >= entered[index - 1]!)),
    detail: names.filter((_, index) => entered[index] !== undefined).join(" → ") || "none",
  };
}
