/** A piece of SQL: words in upper case as PostgreSQL's keywords are, everything that is only content apart from them. */
interface Token {
  kind: "word" | "name" | "text" | "mark";
  value: string;
}

const PIECES: [Token["kind"] | "skip", RegExp][] = [
  ["skip", /\s+/y],
  ["skip", /--[^\n]*/y],
  // E'' knows the backslash; '' does not.
  ["text", /[eE]'(?:[^'\\]|''|\\[\s\S])*'/y],
  ["text", /'(?:[^']|'')*'/y],
  ["text", /\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[\s\S]*?\$\1\$/y],
  ["name", /"(?:[^"]|"")*"/y],
  ["word", /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y],
  ["mark", /[\s\S]/y],
];

/** PostgreSQL's block comments nest. Gives the offset after the comment that begins at `from`. */
function afterComment(sql: string, from: number): number {
  let depth = 0;
  for (let at = from; at < sql.length; at += 1) {
    const two = sql.slice(at, at + 2);
    if (two === "/*") depth += 1;
    else if (two === "*/") depth -= 1;
    else continue;
    at += 1;
    if (depth === 0) return at + 1;
  }
  return sql.length;
}

function tokens(sql: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < sql.length) {
    if (sql.startsWith("/*", at)) {
      at = afterComment(sql, at);
      continue;
    }
    for (const [kind, pattern] of PIECES) {
      pattern.lastIndex = at;
      const match = pattern.exec(sql);
      if (!match) continue;
      at += match[0].length;
      if (kind !== "skip") found.push({ kind, value: kind === "word" ? match[0].toUpperCase() : match[0] });
      break;
    }
  }
  return found;
}

/** What a migration's statement may begin with. */
const BEGINNINGS = new Set(["ALTER", "COMMENT", "CREATE", "DROP", "GRANT", "INSERT", "REVOKE", "UPDATE"]);
/** What it may make, alter or drop: things inside one schema. Databases, roles and schemas are nobody's revert. */
const OBJECTS = new Set([
  "AGGREGATE",
  "COLUMN",
  "CONSTRAINT",
  "DOMAIN",
  "FUNCTION",
  "INDEX",
  "MATERIALIZED",
  "POLICY",
  "PROCEDURE",
  "SEQUENCE",
  "TABLE",
  "TRIGGER",
  "TYPE",
  "VIEW",
]);
const MODIFIERS = new Set(["OR", "REPLACE", "UNIQUE", "ON"]);

/**
 * Why a text is not one statement that a migration's revert may run; undefined when it is. Pure. Nothing is deleted
 * by it and nothing is reached by CASCADE; what it really did is counted afterwards, in its transaction.
 */
export function migrationProblem(sql: string): string | undefined {
  const all = tokens(sql);
  while (all.at(-1)?.value === ";") all.pop();
  if (all.length === 0) return "is empty";
  if (all.some(({ kind, value }) => kind === "mark" && value === ";"))
    return "is more than one statement: give each its own entry";
  const words = all.flatMap(({ kind, value }) => (kind === "word" ? [value] : []));
  const first = all[0]!.value;
  if (all[0]!.kind !== "word" || !BEGINNINGS.has(first))
    return ["DELETE", "TRUNCATE", "MERGE"].includes(first)
      ? `begins with ${first}, and nothing is deleted: rows are corrected with sql-fix`
      : `begins with ${first}; a migration is reverted with ${[...BEGINNINGS].join(", ")}`;
  if (words.includes("CASCADE"))
    return "says CASCADE, which takes along what nobody named: drop each object by its name";
  if (words.includes("CONCURRENTLY"))
    return "says CONCURRENTLY, which cannot be taken back with the rest of its transaction";
  if (["ALTER", "COMMENT", "CREATE", "DROP"].includes(first)) {
    const object = words.slice(1).find((word) => !MODIFIERS.has(word));
    if (!OBJECTS.has(object ?? ""))
      return `would ${first} ${object ?? "nothing"}: only ${[...OBJECTS].join(", ").toLowerCase()}`;
  }
  return undefined;
}

/** Why a text is not one condition or expression that can stand in another statement; undefined when it is. Pure. */
export function expressionProblem(sql: string): string | undefined {
  const all = tokens(sql);
  if (all.length === 0) return "is empty";
  let depth = 0;
  for (const { kind, value } of all) {
    if (kind !== "mark") continue;
    if (value === ";") return "has a semicolon";
    if (value === "(") depth += 1;
    if (value === ")") depth -= 1;
    if (depth < 0) return "closes a bracket that it did not open";
  }
  return depth === 0 ? undefined : "does not close a bracket";
}
