import { z } from "zod";
import { expressionsIn, referencesOf } from "./expressions.ts";
import { nearest } from "./nearest.ts";
import type { Registries } from "./registries.ts";
import type { Plan, Stage } from "./schema.ts";

/** Something wrong in a plan, at a path inside it. */
export interface Finding {
  path: (string | number)[];
  /** What is wrong. */
  reason: string;
  /** What to write instead. */
  instead: string;
}

/** Variables an expression of a plan may use. */
const KNOWN = ["steps", "run"];

/** Every expression of the plan parsed and its references followed to outputs of steps that have run by then. */
export function checkReferences(plan: Plan, { actions }: Registries): Finding[] {
  const findings: Finding[] = [];
  const where = (stage: number, step: number) => ["stages", stage, "steps", step, "with"];

  const check = (value: unknown, at: (string | number)[], visible: Map<string, { stage: Stage; kind: string }>, user: Stage | undefined) => {
    for (const { path, source } of expressionsIn(value)) {
      const full = [...at, ...path];
      let references: string[][];
      try {
        references = referencesOf(source);
      } catch (error) {
        findings.push({ path: full, reason: `the expression cannot be read: ${(error as Error).message}`, instead: "correct the JSONata between {% and %}" });
        continue;
      }
      for (const reference of references) findings.push(...checkReference(reference, full, visible, user));
    }
  };

  const checkReference = (
    [variable = "", id, ...output]: string[],
    path: (string | number)[],
    visible: Map<string, { stage: Stage; kind: string }>,
    user: Stage | undefined,
  ): Finding[] => {
    if (!KNOWN.includes(variable)) {
      const why = variable === "states" ? "$states belongs to the state machine, not to the plan" : `$${variable} is not known here`;
      return [{ path, reason: why, instead: "use $steps.<step>.<output> or $run" }];
    }
    if (variable === "run") return [];
    if (id === undefined) return [{ path, reason: "$steps alone names no step", instead: "write $steps.<step>.<output>" }];
    const step = visible.get(id);
    if (!step) {
      const known = nearest(id, visible.keys());
      return [
        {
          path,
          reason: `the step "${id}" does not run before this`,
          instead: known ? `use "${known}", or move the step to an earlier stage` : "use a step of an earlier stage",
        },
      ];
    }
    const missing = user?.levels?.find((level) => step.stage.levels && !step.stage.levels.includes(level));
    if (missing ?? (user && !user.levels && step.stage.levels))
      return [{ path, reason: `the step "${id}" does not run at ${missing ? `level "${missing}"` : "every level"}`, instead: "let both stages run at the same levels" }];
    const outputs = actions[step.kind]?.outputs;
    return outputs ? checkOutput(outputs, id, output, path) : [];
  };

  const visible = new Map<string, { stage: Stage; kind: string }>();
  for (const [index, stage] of plan.stages.entries()) {
    for (const [number, step] of stage.steps.entries()) check(step.with, where(index, number), visible, stage);
    for (const step of stage.steps) visible.set(step.id, { stage, kind: step.action });
    for (const [number, each] of stage.checks.entries()) check(each.with, ["stages", index, "checks", number, "with"], visible, stage);
  }
  for (const [number, each] of plan.verify.entries()) check(each.with, ["verify", number, "with"], visible, undefined);
  for (const [number, each] of plan.watch.checks.entries()) check(each.with, ["watch", "checks", number, "with"], visible, undefined);
  return findings;
}

function checkOutput(outputs: z.ZodType, id: string, names: string[], path: (string | number)[]): Finding[] {
  let schema: z.ZodType = outputs;
  let so = `$steps.${id}`;
  for (const name of names) {
    while (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) schema = schema.unwrap() as z.ZodType;
    if (!(schema instanceof z.ZodObject)) return [{ path, reason: `${so} has no parts`, instead: `use ${so}` }];
    const next = schema.shape[name] as z.ZodType | undefined;
    if (!next) {
      const known = Object.keys(schema.shape);
      const near = nearest(name, known);
      return [{ path, reason: `${so} has no output "${name}"`, instead: near ? `write "${near}"` : `use one of: ${known.join(", ")}` }];
    }
    so += `.${name}`;
    schema = next;
  }
  return [];
}
