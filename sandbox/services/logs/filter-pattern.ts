import { notImplemented } from "../../world.ts";

type Test = (message: string) => boolean;

/**
 * A filter pattern as a test on a message
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html): terms, quoted phrases,
 * `-` for must not, `?` for any of, `%regex%`, and JSON patterns of comparisons joined by && and ||. A pattern the
 * sandbox cannot read is refused, never taken as matching.
 */
export function filterPattern(pattern: string | undefined): Test {
  const text = (pattern ?? "").trim();
  if (text === "") return () => true;
  if (text.startsWith("{")) return jsonPattern(text);
  if (text.startsWith("[")) throw notImplemented("logs", "filter patterns of space-delimited fields");
  const terms = [...text.matchAll(/([-?]?)(?:"((?:[^"\\]|\\.)*)"|%([^%]+)%|(\S+))/g)].map(
    ([, sign = "", quoted, regex, word]) => ({
      sign,
      holds:
        regex === undefined
          ? contains((quoted ?? word ?? "").replace(/\\(.)/g, "$1"))
          : matches(new RegExp(regex)),
    }),
  );
  const all = terms.filter(({ sign }) => sign === "");
  const any = terms.filter(({ sign }) => sign === "?");
  const none = terms.filter(({ sign }) => sign === "-");
  return (message) =>
    all.every(({ holds }) => holds(message)) &&
    // AWS ignores optional terms where there are required ones.
    (any.length === 0 || all.length > 0 || any.some(({ holds }) => holds(message))) &&
    !none.some(({ holds }) => holds(message));
}

const contains =
  (term: string): Test =>
  (message) =>
    message.includes(term);
const matches =
  (regex: RegExp): Test =>
  (message) =>
    regex.test(message);

function jsonPattern(text: string): Test {
  const inner = /^\{(.*)\}$/s.exec(text)?.[1]?.trim() ?? "";
  if (/[()]/.test(inner)) throw notImplemented("logs", "JSON filter patterns with parentheses");
  const alternatives = inner
    .split("||")
    .map((part) => part.split("&&").map((each) => comparison(each.trim())));
  return (message) => {
    let document: unknown;
    try {
      document = JSON.parse(message);
    } catch {
      // A line that is not JSON matches no JSON pattern.
      return false;
    }
    return alternatives.some((all) => all.every((holds) => holds(document)));
  };
}

function comparison(text: string): (document: unknown) => boolean {
  const [, path, operator, raw] = /^\$\.([\w.-]+)\s*(=|!=|>=|<=|>|<|IS|NOT EXISTS)\s*(.*)$/.exec(text) ?? [];
  if (!path || !operator || raw === undefined)
    throw notImplemented("logs", `the JSON filter pattern "${text}"`);
  const read = (document: unknown) =>
    path.split(".").reduce((at: unknown, key) => (at as Record<string, unknown> | null)?.[key], document);
  const wanted = raw.replace(/^"(.*)"$/s, "$1");
  if (operator === "NOT EXISTS") return (document) => read(document) === undefined;
  if (operator === "IS") return (document) => String(read(document)).toUpperCase() === wanted.toUpperCase();
  if (operator === "=" || operator === "!=") {
    const glob = new RegExp(`^${wanted.replace(/[.+^${}()|[\]\\?]/g, "\\$&").replaceAll("*", ".*")}$`, "s");
    return (document) => {
      const value = read(document);
      if (value === undefined) return false;
      return glob.test(String(value)) === (operator === "=");
    };
  }
  return (document) => {
    const value = read(document);
    if (typeof value !== "number") return false;
    const limit = Number(wanted);
    return operator === ">"
      ? value > limit
      : operator === "<"
        ? value < limit
        : operator === ">="
          ? value >= limit
          : value <= limit;
  };
}
