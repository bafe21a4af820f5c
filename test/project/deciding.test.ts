import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { loadPlan } from "../../lib/plan/load.ts";

/** The examples of docs/deciding.md, put into the plan of the research lab. */
it("the examples of docs/deciding.md are plans", () => {
  const page = readFileSync("docs/deciding.md", "utf8");
  const [triggers, levels] = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => parse(text!));
  const plan = parse(readFileSync("plans/llm-research-lab.yaml", "utf8"));
  plan.triggers = triggers.triggers;
  plan.levels = levels.levels;
  // Each level of the example needs a stage.
  plan.stages[0].levels = ["flag", "config", "full"];

  const { problems } = loadPlan({ file: "deciding.yaml", text: stringify(plan) });

  expect(problems).toEqual([]);
});
