import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ERRORS, type ErrorMeaning } from "../../../lambdas/runtime/errors.ts";
import type { Retrier, Task } from "../../../lib/workflow/asl.ts";
import { compileWorkflow } from "../../../lib/workflow/compile.ts";
import { FIXED } from "../../../lib/workflow/names.ts";
import { smallPlan } from "../workflow/plans.ts";
import { bindings, registries } from "../workflow/registries.ts";
import { allStates } from "../workflow/walk.ts";

const page = readFileSync("docs/errors.md", "utf8");

/** `NAME` → the cells behind it, from every table of the page. */
const rows = new Map(
  page
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map(([, name, ...cells]) => [name!.replaceAll("`", ""), cells] as const),
);

/** Each Task of a compiled workflow, with the verb that it asks for; handlers have none. */
const tasks = allStates(compileWorkflow(smallPlan(), registries, bindings).definition).flatMap(
  ({ name, state }) => (state.Type === "Task" ? [{ name, task: state, verb: verbOf(state) }] : []),
);

function verbOf({ Arguments }: Task): string {
  const { verb } = Arguments.Payload as { verb?: string };
  return verb ?? "handler";
}

/** How Step Functions reads a Retry: the first entry that names the error, or States.ALL, decides. */
function tries(retry: Retrier[] | undefined, error: string): number {
  for (const { ErrorEquals, MaxAttempts } of retry ?? [])
    if (ErrorEquals.some((name) => name === error || name === "States.ALL")) return MaxAttempts;
  return 0;
}

const count = (cell: string | undefined) =>
  cell === "never" ? 0 : cell === "once" ? 1 : Number(/^(\d+) times$/.exec(cell ?? "")?.[1]);

describe("The table of errors", () => {
  it("has a row on the page for every error, with its meaning and who acts", () => {
    for (const [name, { meaning, who }] of Object.entries<ErrorMeaning>(ERRORS)) {
      expect({ name, meaning: rows.get(name)?.[0], who: rows.get(name)?.[3] }).toEqual({
        name,
        meaning,
        who,
      });
    }
  });

  it("says who may try again, and every compiled Task does just that", () => {
    expect(new Set(tasks.map(({ verb }) => verb))).toEqual(
      new Set(["preflight", "apply", "poll", "revert", "measure", "calls", "handler"]),
    );
    for (const [error, { retry }] of Object.entries<ErrorMeaning>(ERRORS))
      for (const { name, task, verb } of tasks) {
        const change = verb === "apply" || verb === "revert";
        const expected = retry === "all" || (retry === "reads" && !change);

        expect({ name, error, retried: tries(task.Retry, error) > 0 }).toEqual({
          name,
          error,
          retried: expected,
        });
      }
  });

  it("is compiled as often as the page says, Lambda's own errors included", () => {
    const named = new Set(
      tasks.flatMap(({ task }) => (task.Retry ?? []).flatMap(({ ErrorEquals }) => ErrorEquals)),
    );
    named.delete("States.ALL");

    expect([...named].toSorted()).toEqual([...rows.keys()].toSorted());
    const brief = count(/report of a run that failed is tried again (\w+) only/.exec(page)?.[1]);
    expect(brief).toBe(1);
    for (const error of named)
      for (const { name, task, verb } of tasks) {
        const [, reads, changes] = rows.get(error)!;
        const usual = count(verb === "apply" || verb === "revert" ? changes : reads);
        const said = name === FIXED.reportFailure ? Math.min(usual, brief) : usual;

        expect({ name, error, tries: tries(task.Retry, error) }).toEqual({ name, error, tries: said });
      }
  });

  it("ends in a catch for everything that is not tried again, wherever a Task stands", () => {
    const machine = compileWorkflow(smallPlan(), registries, bindings).definition;

    for (const [name, state] of Object.entries(machine.States)) {
      if (state.Type !== "Task" && state.Type !== "Parallel") continue;
      expect({
        name,
        all: state.Catch?.some(({ ErrorEquals }) => ErrorEquals.includes("States.ALL")),
      }).toEqual({
        name,
        all: true,
      });
    }
  });
});
