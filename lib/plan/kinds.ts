import type { z } from "zod";
import { expressionsIn } from "./expressions.ts";
import { findingsOf } from "./issues.ts";
import { nearest } from "./nearest.ts";
import { type Path, valueAt } from "./position.ts";
import type { Finding } from "./problem.ts";
import type { Registries } from "./registries.ts";

/**
 * Each step's and check's kind, and its `with:` against that kind's input. Works on the file's own data, so that it
 * finds what is wrong beside other mistakes. Values that hold an expression are left to the references.
 */
export function checkKinds(raw: unknown, { actions, checks }: Registries): Finding[] {
  const findings: Finding[] = [];
  const each = (path: Path, visit: (at: Path) => void) => {
    const list = valueAt(raw, path);
    if (Array.isArray(list)) for (const index of list.keys()) visit([...path, index]);
  };
  const check = (at: Path) => findings.push(...checkKind("check", checks, raw, at));
  each(["stages"], (stage) => {
    each([...stage, "steps"], (at) => findings.push(...checkKind("action", actions, raw, at)));
    each([...stage, "checks"], check);
  });
  each(["verify"], check);
  each(["watch", "checks"], check);
  each(["redeploy", "steps"], (step) => {
    each([...step, "steps"], (at) => findings.push(...checkKind("action", actions, raw, at)));
    each([...step, "checks"], check);
  });
  return findings;
}

function checkKind(
  what: "action" | "check",
  known: Record<string, { input: z.ZodType }>,
  raw: unknown,
  at: Path,
): Finding[] {
  const kind = valueAt(raw, [...at, what]);
  // Not there, or no text: the plan's own schema says so.
  if (typeof kind !== "string") return [];
  const spec = Object.hasOwn(known, kind) ? known[kind] : undefined;
  if (!spec) {
    const near = nearest(kind, Object.keys(known));
    return [
      {
        path: [...at, what],
        reason: `there is no ${what} "${kind}"`,
        instead: near ? `write "${near}"` : `use one of: ${Object.keys(known).join(", ")}`,
      },
    ];
  }
  const given = valueAt(raw, [...at, "with"]) ?? {};
  const result = spec.input.safeParse(given);
  if (result.success) return [];
  return result.error.issues
    .filter((issue) => issue.code === "unrecognized_keys" || !holdsExpression(given, issue.path as Path))
    .flatMap((issue) => findingsOf(issue, spec.input, given))
    .map((finding) => ({ ...finding, path: [...at, "with", ...finding.path] }));
}

/** Whether what an issue speaks of is, or holds, a value that Step Functions fills in later. */
function holdsExpression(given: unknown, path: Path): boolean {
  return expressionsIn(valueAt(given, path)).length > 0;
}
