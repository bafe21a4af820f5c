/** Condition keys of a request, names in lower case. */
export type RequestContext = Map<string, string[]>;

const WILD = /[*?]|\$\{[^}]+\}/g;
const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/**
 * A pattern of IAM as a test: `*` and `?` are wildcards, `${key}` stands for the request's own value of a condition
 * key (`${key, 'default'}` for a default), `${*}`, `${?}` and `${$}` for the characters themselves. A variable that
 * the request has no value for leaves the answer open: undefined.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function pattern(
  text: string,
  flags = "",
): (value: string, context: RequestContext) => boolean | undefined {
  if (text === "*") return () => true;
  if (!/[*?$]/.test(text) && flags === "") return (value) => value === text;
  if (!text.includes("${")) {
    const fixed = new RegExp(`^${source(text, () => undefined)}$`, `${flags}s`);
    return (value) => fixed.test(value);
  }
  return (value, context) => {
    let known = true;
    const body = source(text, (name, otherwise) => {
      const found = context.get(name.toLowerCase())?.[0] ?? otherwise;
      if (found === undefined) known = false;
      return found;
    });
    return known ? new RegExp(`^${body}$`, `${flags}s`).test(value) : undefined;
  };
}

/** The text with its variables filled in, for operators that compare without wildcards; undefined as above. */
export function filledIn(text: string, context: RequestContext): string | undefined {
  if (!text.includes("${")) return text;
  let known = true;
  const filled = text.replace(/\$\{([^}]+)\}/g, (_, inside: string) => {
    const { name, otherwise } = variable(inside);
    if (["*", "?", "$"].includes(name)) return name;
    const value = context.get(name.toLowerCase())?.[0] ?? otherwise;
    if (value === undefined) known = false;
    return value ?? "";
  });
  return known ? filled : undefined;
}

function source(
  text: string,
  fill: (name: string, otherwise: string | undefined) => string | undefined,
): string {
  let body = "";
  let at = 0;
  for (const match of text.matchAll(WILD)) {
    body += literal(text.slice(at, match.index));
    at = match.index + match[0].length;
    if (match[0] === "*") body += ".*";
    else if (match[0] === "?") body += ".";
    else {
      const { name, otherwise } = variable(match[0].slice(2, -1));
      // What a caller's own value holds is never a wildcard.
      body += literal(["*", "?", "$"].includes(name) ? name : (fill(name, otherwise) ?? ""));
    }
  }
  return body + literal(text.slice(at));
}

function variable(inside: string): { name: string; otherwise: string | undefined } {
  const [, name = inside, otherwise] = /^([^,]+?)\s*(?:,\s*'(.*)')?$/.exec(inside.trim()) ?? [];
  return { name: name.trim(), otherwise };
}
