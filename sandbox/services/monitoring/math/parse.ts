/** A metric math expression, parsed. */
export type Expression =
  | { kind: "number"; value: number }
  | { kind: "text"; value: string }
  /** The id of another query, or a word such as REPEAT or DESC. */
  | { kind: "name"; name: string }
  | { kind: "negative"; of: Expression }
  | { kind: "binary"; operator: string; left: Expression; right: Expression }
  | { kind: "call"; name: string; given: Expression[] }
  | { kind: "list"; items: Expression[] };

/** Weakest first; operators of one line bind alike and from the left. */
const LEVELS = [
  ["||", "OR"],
  ["&&", "AND"],
  ["==", "!=", "<=", ">=", "<", ">"],
  ["+", "-"],
  ["*", "/", "%"],
  ["^"],
];
const SPELLING: Record<string, string> = { OR: "||", AND: "&&" };

const TOKEN =
  /\s*(?:(\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|\.\d+)|([A-Za-z_]\w*)|("[^"]*"|'[^']*')|(<=|>=|==|!=|&&|\|\||[-+*/%^<>(),[\]]))/y;

/**
 * Parses metric math (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html).
 * `fail` makes the error to throw for what is not understood.
 */
export function parse(text: string, fail: (why: string) => Error): Expression {
  const tokens = tokensOf(text, fail);
  let at = 0;
  const upper = () => tokens[at]?.toUpperCase() ?? "";
  const take = (token: string) => {
    if (tokens[at] !== token) throw fail(`${token} expected at ${tokens[at] ?? "the end"}`);
    at += 1;
  };

  function binary(level: number): Expression {
    const operators = LEVELS[level];
    if (!operators) return unary();
    let left = binary(level + 1);
    while (operators.includes(upper())) {
      const operator = SPELLING[upper()] ?? upper();
      at += 1;
      left = { kind: "binary", operator, left, right: binary(level + 1) };
    }
    return left;
  }

  function unary(): Expression {
    if (tokens[at] !== "-") return primary();
    at += 1;
    return { kind: "negative", of: unary() };
  }

  function primary(): Expression {
    const token = tokens[at];
    if (token === undefined) throw fail("it ends too early");
    at += 1;
    if (token === "(") {
      const inner = binary(0);
      take(")");
      return inner;
    }
    if (token === "[") return { kind: "list", items: until("]") };
    if (/^[\d.]/.test(token)) return { kind: "number", value: Number(token) };
    if (/^["']/.test(token)) return { kind: "text", value: token.slice(1, -1) };
    if (!/^\w/.test(token)) throw fail(`unexpected ${token}`);
    if (tokens[at] !== "(") return { kind: "name", name: token };
    at += 1;
    return { kind: "call", name: token.toUpperCase(), given: until(")") };
  }

  function until(end: string): Expression[] {
    const items: Expression[] = [];
    while (tokens[at] !== end) {
      items.push(binary(0));
      if (tokens[at] !== end) take(",");
    }
    at += 1;
    return items;
  }

  const whole = binary(0);
  if (at < tokens.length) throw fail(`unexpected ${tokens[at]}`);
  return whole;
}

function tokensOf(text: string, fail: (why: string) => Error): string[] {
  const tokens: string[] = [];
  const pattern = new RegExp(TOKEN);
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const from = pattern.lastIndex;
    const found = pattern.exec(text);
    if (!found) throw fail(`unexpected ${text[from]} at ${from}`);
    tokens.push(found[0].trim());
  }
  return tokens;
}
