import { createHash } from "node:crypto";
import { type Document, parseDocument } from "yaml";
import { findingsOf } from "./issues.ts";
import { checkKinds } from "./kinds.ts";
import { checkNotices } from "./notices.ts";
import { planText } from "./plan-text.ts";
import { offsetOf, offsetWithin, pathText, placeOf } from "./position.ts";
import { type Finding, PlanError, type PlanProblem, problemText } from "./problem.ts";
import { checkReferences } from "./references.ts";
import { registries as builtIn, type Registries } from "./registries.ts";
import { judge } from "./rules/index.ts";
import { Plan } from "./schema.ts";
import { yamlProblems } from "./yaml-problems.ts";

export { PlanError, problemText } from "./problem.ts";

/** A plan read, and all that is wrong with it; with problems there may still be a plan to look at. */
export interface LoadedPlan {
  plan: Plan | undefined;
  problems: PlanProblem[];
}

/** A plan's file, or its text with the name it is to be spoken of. */
export type PlanSource = string | { file: string; text: string };

/** Reads a plan from a file or a text. Never throws for what is in it, nor for a file that cannot be read. */
export function loadPlan(source: PlanSource, registries: Registries = builtIn): LoadedPlan {
  const file = typeof source === "string" ? source : source.file;
  const read = typeof source === "string" ? planText(source) : { text: source.text };
  if (read.problem) return { plan: undefined, problems: [{ file, ...read.problem }] };
  const { text } = read;
  const document = parseDocument(text, { uniqueKeys: true, prettyErrors: false });
  const at = (offset: number) => placeOf(text, offset);
  const problems: PlanProblem[] = yamlProblems(document).map(({ offset, ...problem }) => ({
    file,
    ...at(offset),
    ...problem,
  }));
  // A key given twice still leaves a document to look at; anything else does not.
  if (document.errors.some((error) => error.code !== "DUPLICATE_KEY")) return { plan: undefined, problems };
  const { plan, findings } = examine(document, registries);
  for (const finding of findings)
    problems.push({
      file,
      ...at(
        finding.within
          ? offsetWithin(document, text, finding.path, finding.within)
          : offsetOf(document, finding.path),
      ),
      reason: `${finding.path.length > 0 ? `${pathText(finding.path)}: ` : ""}${finding.reason}`,
      instead: finding.instead,
      ...(finding.rule ? { rule: finding.rule } : {}),
    });
  return {
    plan,
    problems: distinct(problems).toSorted(
      (left, right) => left.line - right.line || left.column - right.column,
    ),
  };
}

/** Reads a plan that must be right. Throws {@link PlanError} with everything that is not. */
export function loadPlanOrThrow(source: PlanSource, registries: Registries = builtIn): Plan {
  const { plan, problems } = loadPlan(source, registries);
  if (problems.length > 0 || !plan) throw new PlanError(problems);
  return plan;
}

/** Content hash of a plan: an approval or a redrive of another plan is void. 16 hexadecimal digits. */
export function planHash(plan: Plan): string {
  return createHash("sha256").update(JSON.stringify(plan)).digest("hex").slice(0, 16);
}

/**
 * Everything that can be said about a document: shape and kinds side by side; references once the shape is right;
 * the rules, which rely on both, once nothing else is wrong.
 */
function examine(
  document: Document,
  registries: Registries,
): { plan: Plan | undefined; findings: (Finding & { rule?: string })[] } {
  let raw: unknown;
  try {
    raw = document.toJS();
  } catch (error) {
    // An alias without its anchor, or one that expands without end.
    const reason = `this cannot be read: ${(error as Error).message}`;
    return { plan: undefined, findings: [{ path: [], reason, instead: "correct the alias" }] };
  }
  if (raw === null || raw === undefined)
    return {
      plan: undefined,
      findings: [
        {
          path: [],
          reason: "there is no plan in it",
          instead: "begin with `service: <its name>`; `watchdog init` writes a plan to start from",
        },
      ],
    };
  const parsed = Plan.safeParse(raw);
  const findings: (Finding & { rule?: string })[] = checkKinds(raw, registries);
  if (!parsed.success) {
    findings.push(...parsed.error.issues.flatMap((issue) => findingsOf(issue, Plan, raw)));
    return { plan: undefined, findings };
  }
  findings.push(...checkReferences(parsed.data, registries), ...checkNotices(parsed.data));
  if (findings.length === 0) findings.push(...judge(parsed.data, registries));
  return { plan: parsed.data, findings };
}

/** What two looks at the same place both found is one problem. */
function distinct(problems: PlanProblem[]): PlanProblem[] {
  return [...new Map(problems.map((problem) => [problemText(problem), problem])).values()];
}
