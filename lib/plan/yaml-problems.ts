import type { Document, YAMLError } from "yaml";

/** Something that is no YAML, by its offset in the text. */
interface YamlProblem {
  offset: number;
  reason: string;
  instead: string;
}

/**
 * What the parser has against a text. The same words a hundred times (a file with tabs) are one problem, where they first
 * hold; what the parser says besides of a file with tabs is their consequence.
 */
export function yamlProblems({ errors, warnings }: Document): YamlProblem[] {
  const found = new Map<string, YamlProblem & { more: number }>();
  const tabs = errors.filter(({ code }) => code === "TAB_AS_INDENT");
  for (const error of tabs.length > 0 ? tabs : [...errors, ...warnings]) {
    const problem = yamlProblem(error);
    const key = error.code === "DUPLICATE_KEY" ? `${error.pos[0]}` : problem.reason;
    const known = found.get(key);
    if (known) known.more += 1;
    else found.set(key, { offset: error.pos[0], ...problem, more: 0 });
  }
  return [...found.values()].map(({ more, ...problem }) => ({
    ...problem,
    reason: more > 0 ? `${problem.reason} (here and at ${more} more)` : problem.reason,
  }));
}

function yamlProblem({ code, message }: YAMLError): { reason: string; instead: string } {
  switch (code) {
    case "DUPLICATE_KEY":
      return { reason: "this key is given twice", instead: "remove or rename one of the two" };
    case "MULTIPLE_DOCS":
      return { reason: "a second document begins here", instead: "write one plan a file, without `---`" };
    case "TAB_AS_INDENT":
      return {
        reason: "this is not valid YAML: tabs are not allowed as indentation",
        instead: "indent with spaces; nothing else was checked",
      };
    default:
      return {
        reason: `this is not valid YAML: ${message}`,
        instead: "correct the YAML first; nothing else was checked",
      };
  }
}
