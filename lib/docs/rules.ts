import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../plan/rules/index.ts";
import { code, MADE, page, table } from "./markdown.ts";

const FOLDER = join(import.meta.dirname, "..", "plan", "rules");

/** Why a rule is: the comment on what its file exports, which is written for whoever meets it. */
function why(rule: string): string {
  const source = readFileSync(join(FOLDER, `${rule}.ts`), "utf8");
  const comment = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport const \w+: Rule\b/.exec(source)?.[1];
  if (!comment) throw new Error(`lib/plan/rules/${rule}.ts: the rule has no comment`);
  return (
    comment
      .replace(/\n?\s*\* ?/g, " ")
      // The numbers of what must always hold mean something to the project's own people only.
      .replace(/ ?\(invariant \d+\)/g, "")
      .replace(/invariant \d+; /g, "")
      .replaceAll("<", "&lt;")
      .trim()
  );
}

/** docs/rules.md: every plan rule by the id that `validate` shows in brackets. */
export function rulesPage(): string {
  return page(
    MADE,
    "# Plan rules",
    "What `npx watchdog validate` refuses beside what is no plan at all: plans that AWS and the schema would take, and that would hurt or could not help. A rule's id stands in brackets behind its problem. There is no way around a rule but another plan: what a rule is wrong about is a mistake in it, to be reported.",
    table(
      ["Rule", "Why"],
      Object.keys(rules).map((rule) => [code(rule), why(rule)]),
    ),
  );
}
