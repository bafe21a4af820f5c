import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Document, isMap, isNode, isPair, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { z } from "zod";
import { expressionIn } from "./expressions.ts";
import { nearest } from "./nearest.ts";
import { checkReferences, type Finding } from "./references.ts";
import { type Registries, registries as builtIn } from "./registries.ts";
import { rules } from "./rules/index.ts";
import { Plan } from "./schema.ts";

/** Something wrong in a plan's file; `line` and `column` count from 1. */
export interface PlanProblem {
  file: string;
  line: number;
  column: number;
  reason: string;
  instead: string;
  /** The plan rule behind it, if one is. */
  rule?: string;
}

/** A plan read, and all that is wrong with it; with problems there may still be a plan to look at. */
export interface LoadedPlan {
  plan: Plan | undefined;
  problems: PlanProblem[];
}

/** All problems of a plan at once. Nothing is synthesized or changed when it is thrown. */
export class PlanError extends Error {
  readonly problems: PlanProblem[];

  constructor(problems: PlanProblem[]) {
    super(problems.map(problemText).join("\n"));
    this.name = "PlanError";
    this.problems = problems;
  }
}

/** `plans/x.yaml:12:7  what is wrong  what to write instead` */
export function problemText({ file, line, column, reason, instead, rule }: PlanProblem): string {
  return `${file}:${line}:${column}  ${reason}${rule ? ` [${rule}]` : ""}\n    ${instead}`;
}

/** Reads a plan from a file or a text. Never throws for what is in it. */
export function loadPlan(source: string | { file: string; text: string }, registries: Registries = builtIn): LoadedPlan {
  const file = typeof source === "string" ? source : source.file;
  const text = typeof source === "string" ? readFileSync(source, "utf8") : source.text;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => ({
      file,
      ...at(error.pos[0]),
      reason: `this is not valid YAML: ${error.message}`,
      instead: "correct the YAML; nothing else was checked",
    }));
    return { plan: undefined, problems };
  }
  const place = (finding: Finding & { rule?: string }): PlanProblem => ({
    file,
    ...at(offsetOf(document, finding.path)),
    reason: `${finding.path.length > 0 ? `${pathText(finding.path)}: ` : ""}${finding.reason}`,
    instead: finding.instead,
    ...(finding.rule ? { rule: finding.rule } : {}),
  });
  const raw: unknown = document.toJS();
  const parsed = Plan.safeParse(raw);
  const findings: (Finding & { rule?: string })[] = parsed.success ? [] : parsed.error.issues.flatMap((issue) => fromIssue(issue, Plan, raw));
  const shaped = parsed.success ? parsed.data : undefined;
  if (shaped) findings.push(...checkKinds(shaped, registries));
  if (shaped && findings.length === 0) findings.push(...checkReferences(shaped, registries));
  if (shaped && findings.length === 0) findings.push(...judge(shaped, registries));
  const problems = findings.map(place).toSorted((left, right) => left.line - right.line || left.column - right.column);
  return { plan: shaped, problems };
}

/** Reads a plan that must be right. Throws {@link PlanError} with everything that is not. */
export function loadPlanOrThrow(source: string | { file: string; text: string }, registries: Registries = builtIn): Plan {
  const { plan, problems } = loadPlan(source, registries);
  if (problems.length > 0 || !plan) throw new PlanError(problems);
  return plan;
}

/** Content hash of a plan: an approval or a redrive of another plan is void. 16 hexadecimal digits. */
export function planHash(plan: Plan): string {
  return createHash("sha256").update(JSON.stringify(plan)).digest("hex").slice(0, 16);
}

/** Runs every rule; a rule that throws is itself a finding, never a pass. */
function judge(plan: Plan, registries: Registries): (Finding & { rule: string })[] {
  return Object.entries(rules).flatMap(([rule, check]) => {
    try {
      return check(plan, registries).map((finding) => ({ ...finding, rule }));
    } catch (error) {
      return [{ path: [], reason: `the rule could not be checked: ${(error as Error).message}`, instead: "report this; the plan is refused until it can be", rule }];
    }
  });
}

/** Each step's and check's `with:` against its kind. Fields that hold an expression are left to the references. */
function checkKinds(plan: Plan, { actions, checks }: Registries): Finding[] {
  const findings: Finding[] = [];
  const check = (kind: string, known: Record<string, { input: z.ZodType }>, what: string, given: unknown, at: (string | number)[]) => {
    const spec = known[kind];
    if (!spec) {
      const near = nearest(kind, Object.keys(known));
      findings.push({
        path: [...at, what],
        reason: `there is no ${what} "${kind}"`,
        instead: near ? `write "${near}"` : `use one of: ${Object.keys(known).join(", ")}`,
      });
      return;
    }
    const result = spec.input.safeParse(given);
    if (result.success) return;
    for (const issue of result.error.issues) {
      if (expressionIn(valueAt(given, issue.path as (string | number)[])) !== undefined) continue;
      for (const finding of fromIssue(issue, spec.input, given)) findings.push({ ...finding, path: [...at, "with", ...finding.path] });
    }
  };
  for (const [index, stage] of plan.stages.entries()) {
    for (const [number, step] of stage.steps.entries()) check(step.action, actions, "action", step.with, ["stages", index, "steps", number]);
    for (const [number, each] of stage.checks.entries()) check(each.check, checks, "check", each.with, ["stages", index, "checks", number]);
  }
  for (const [number, each] of plan.verify.entries()) check(each.check, checks, "check", each.with, ["verify", number]);
  for (const [number, each] of plan.watch.checks.entries()) check(each.check, checks, "check", each.with, ["watch", "checks", number]);
  return findings;
}

function valueAt(value: unknown, path: (string | number)[]): unknown {
  return path.reduce<unknown>((found, key) => (typeof found === "object" && found !== null ? (found as Record<string | number, unknown>)[key] : undefined), value);
}

/** One zod issue in plain words; an unknown key becomes one finding each, with the nearest known one. */
function fromIssue(issue: z.core.$ZodIssue, schema: z.ZodType, raw: unknown): Finding[] {
  const path = issue.path as (string | number)[];
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(schema, path);
    return issue.keys.map((key) => {
      const near = nearest(key, known);
      return {
        path: [...path, key],
        reason: `"${key}" is not known here`,
        instead: near ? `write "${near}"` : known.length > 0 ? `known are: ${known.join(", ")}` : "remove it",
      };
    });
  }
  const value = valueAt(raw, path);
  if (issue.code === "invalid_union") {
    return [{ path, reason: `${JSON.stringify(value)} fits none of the allowed forms`, instead: issue.message }];
  }
  if (value === undefined) return [{ path, reason: "this is missing", instead: `add "${String(path.at(-1))}" (${issue.message})` }];
  return [{ path, reason: `${JSON.stringify(value)} does not fit`, instead: issue.message }];
}

/** Keys a strict object at a path has; none when the path leads into a record or a union. */
function knownKeys(schema: z.ZodType, path: (string | number)[]): string[] {
  let current: z.ZodType | undefined = schema;
  const unwrap = (given: z.ZodType | undefined): z.ZodType | undefined => {
    let inner = given;
    while (inner && "unwrap" in inner && !(inner instanceof z.ZodArray)) inner = (inner as z.ZodOptional).unwrap() as z.ZodType;
    return inner;
  };
  for (const key of path) {
    current = unwrap(current);
    if (current instanceof z.ZodArray) current = current.element as z.ZodType;
    else if (current instanceof z.ZodObject) current = current.shape[String(key)] as z.ZodType | undefined;
    else return [];
  }
  current = unwrap(current);
  return current instanceof z.ZodObject ? Object.keys(current.shape) : [];
}

/** Where a path stands in the file; the nearest part of it that exists. An unknown key's own place is its key. */
function offsetOf(document: Document, path: (string | number)[]): number {
  let node: unknown = document.contents;
  let offset = isNode(node) && node.range ? node.range[0] : 0;
  for (const key of path) {
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && String((item.key as { value?: unknown })?.value) === String(key));
      const at = (pair?.key as Node | undefined)?.range?.[0];
      if (at === undefined) break;
      offset = at;
      next = pair!.value;
    } else if (isSeq(node)) {
      next = node.items[Number(key)];
      const at = isNode(next) ? next.range?.[0] : undefined;
      if (at === undefined) break;
      offset = at;
    } else break;
    node = next;
  }
  return offset;
}

function pathText(path: (string | number)[]): string {
  return path.map((key, index) => (typeof key === "number" ? `[${key}]` : index === 0 ? key : `.${key}`)).join("");
}
