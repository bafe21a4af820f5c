import { z } from "zod";
import { levelsOf } from "./criteria.ts";
import {
  expressionsIn,
  partialExpressionsIn,
  referencesOf,
  strayNamesOf,
  unknownFunctionsOf,
} from "./expressions.ts";
import { JSONATA_FUNCTIONS } from "./functions.ts";
import { unwrapped } from "./issues.ts";
import { nearest } from "./nearest.ts";
import type { Path } from "./position.ts";
import type { Finding } from "./problem.ts";
import { rampSteps } from "./redeploy.ts";
import type { Registries } from "./registries.ts";
import type { Plan, Stage } from "./schema.ts";

/** Steps that have run by the time an expression is evaluated, by id. */
type Visible = Map<string, { stage: Stage; kind: string }>;

/** What an expression is judged with. */
interface Place {
  path: Path;
  visible: Visible;
  /** Every step's id, whenever it runs. */
  known: Set<string>;
  /** Levels at which the expression is evaluated. */
  levels: string[];
  registries: Registries;
}

/** Every expression of the plan parsed and its references followed to outputs of steps that have run by then. */
export function checkReferences(plan: Plan, registries: Registries): Finding[] {
  const findings: Finding[] = [];
  const visible: Visible = new Map();
  const every = levelsOf(plan);
  const known = new Set(plan.stages.flatMap((stage) => stage.steps.map(({ id }) => id)));
  const check = (value: unknown, path: Path, levels = every) =>
    findings.push(...checkValue(value, { path, visible, known, levels, registries }));
  for (const [index, stage] of plan.stages.entries()) {
    for (const [number, step] of stage.steps.entries())
      check(step.with, ["stages", index, "steps", number, "with"], stage.levels);
    for (const step of stage.steps) visible.set(step.id, { stage, kind: step.action });
    for (const [number, each] of stage.checks.entries())
      check(each.with, ["stages", index, "checks", number, "with"], stage.levels);
  }
  for (const [number, each] of plan.verify.entries()) check(each.with, ["verify", number, "with"]);
  for (const [number, each] of plan.watch.checks.entries())
    check(each.with, ["watch", "checks", number, "with"]);
  findings.push(...rampReferences(plan, registries));
  return findings;
}

/** A ramp is a run of its own: its steps see each other, and nothing of a rollback. */
function rampReferences(plan: Plan, registries: Registries): Finding[] {
  const visible: Visible = new Map();
  const steps = rampSteps(plan);
  const known = new Set(steps.flatMap(({ stage }) => stage.steps.map(({ id }) => id)));
  return steps.flatMap(({ index, stage }) => {
    const place = { visible, known, levels: levelsOf(plan), registries };
    const path: Path = ["redeploy", "steps", index];
    const found = stage.steps.flatMap((step, number) =>
      checkValue(step.with, { ...place, path: [...path, "steps", number, "with"] }),
    );
    for (const step of stage.steps) visible.set(step.id, { stage, kind: step.action });
    // A hold is an execution of its own, which knows no step's outputs.
    const checks = (plan.redeploy!.steps[index]!.checks ?? []).flatMap((each, number) =>
      checkValue(each.with, {
        ...place,
        visible: new Map(),
        path: [...path, "checks", number, "with"],
      }),
    );
    return [...found, ...checks];
  });
}

function checkValue(value: unknown, place: Place): Finding[] {
  const partial = partialExpressionsIn(value).map((path) => ({
    path: [...place.path, ...path],
    reason: "an expression must be the whole value, from {% to %}",
    instead: "put the rest inside: \"{% 'text ' & $steps.<step>.<output> %}\", and use >- for several lines",
  }));
  const whole = expressionsIn(value).flatMap(({ path, source }) =>
    checkSource(source, { ...place, path: [...place.path, ...path] }),
  );
  return [...partial, ...whole];
}

function checkSource(source: string, place: Place): Finding[] {
  const { path } = place;
  let references: string[][];
  try {
    references = referencesOf(source);
  } catch (error) {
    return [
      {
        path,
        reason: `the expression cannot be read: ${(error as Error).message}`,
        instead: "correct the JSONata between {% and %}",
      },
    ];
  }
  const functions = unknownFunctionsOf(source).map(({ name, near, why }) => ({
    path,
    reason: why ?? `there is no function $${name}`,
    instead: near ? `write $${near}` : "use a function of JSONata 2.0.6 or of Step Functions",
  }));
  const found = references.flatMap((reference) => checkReference(reference, place));
  // With a hyphen read as a minus, the rest of the id looks like a name of its own: one mistake, one finding.
  const stray = found.length > 0 ? [] : strayNamesOf(source);
  return [
    ...functions,
    ...found,
    ...stray.map((name) => ({
      path,
      reason: `${name === "" ? "$" : `"${name}"`} means nothing here: there is no context`,
      instead: "use $steps.<step>.<output> or $run",
    })),
  ];
}

function checkReference(
  [variable = "", id, ...output]: string[],
  { path, visible, known, levels, registries }: Place,
): Finding[] {
  if (variable === "run") return [];
  // A function handed to another: $map(…, $string).
  if (id === undefined && JSONATA_FUNCTIONS.has(variable)) return [];
  if (variable !== "steps") {
    const reason =
      variable === "states"
        ? "$states belongs to the state machine, and its states change from release to release"
        : `$${variable} is not known here`;
    return [{ path, reason, instead: "use $steps.<step>.<output> or $run" }];
  }
  if (id === undefined)
    return [{ path, reason: "$steps alone names no step", instead: "write $steps.<step>.<output>" }];
  const step = visible.get(id);
  if (!step) {
    if (known.has(id))
      return [
        {
          path,
          reason: `the step "${id}" does not run before this`,
          instead: "move it to an earlier stage; the steps of a stage run side by side",
        },
      ];
    const hyphenated = [...visible.keys()].find((each) => each.startsWith(`${id}-`));
    if (hyphenated)
      return [
        {
          path,
          reason: `$steps.${hyphenated} would be a subtraction`,
          instead: `put the id in backticks: $steps.\`${hyphenated}\``,
        },
      ];
    const near = nearest(id, visible.keys());
    return [
      {
        path,
        reason: `there is no step "${id}"`,
        instead: near ? `use "${near}"` : "use a step of an earlier stage",
      },
    ];
  }
  const without = levels.filter((level) => step.stage.levels && !step.stage.levels.includes(level));
  if (without.length > 0)
    return [
      {
        path,
        reason: `the step "${id}" does not run at level ${without.map((level) => `"${level}"`).join(", ")}, and this does`,
        instead: "let both run at the same levels",
      },
    ];
  const outputs = registries.actions[step.kind]?.outputs;
  return outputs ? checkOutput(outputs, id, output, path) : [];
}

/** Follows names through an action's outputs, lists included; where the schema is open it stops asking. */
function checkOutput(outputs: z.ZodType, id: string, names: string[], path: Path): Finding[] {
  let schema: z.ZodType | undefined = outputs;
  let so = `$steps.${/^[a-z0-9]+$/.test(id) ? id : `\`${id}\``}`;
  if (names.length === 0)
    return [
      {
        path,
        reason: `${so} is all outputs of a step`,
        instead: `name one: ${keysOf(outputs)
          .map((key) => `${so}.${key}`)
          .join(", ")}`,
      },
    ];
  for (const name of names) {
    schema = unwrapped(schema);
    while (schema instanceof z.ZodArray) schema = unwrapped(schema.element as z.ZodType);
    if (
      schema instanceof z.ZodRecord ||
      schema instanceof z.ZodUnion ||
      schema instanceof z.ZodUnknown ||
      schema instanceof z.ZodAny
    )
      return [];
    if (!(schema instanceof z.ZodObject))
      return [{ path, reason: `${so} has no parts`, instead: `use ${so}` }];
    const next = schema.shape[name] as z.ZodType | undefined;
    if (!next) {
      const known = Object.keys(schema.shape);
      const near = nearest(name, known);
      return [
        {
          path,
          reason: `${so} has no output "${name}"`,
          instead: near ? `write "${near}"` : `use one of: ${known.join(", ")}`,
        },
      ];
    }
    so += `.${name}`;
    schema = next;
  }
  return [];
}

function keysOf(schema: z.ZodType): string[] {
  const inner = unwrapped(schema);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}
