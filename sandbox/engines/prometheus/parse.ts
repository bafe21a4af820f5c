import type { SyntaxNode } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";
import { BeyondEngine, QueryRefused } from "./errors.ts";
import { type Matcher, NAME } from "./series.ts";

export interface Selector {
  kind: "selector";
  matchers: Matcher[];
  /** How much earlier than asked, milliseconds. */
  offset: number;
}

/** A query as the engine evaluates it. Durations are milliseconds. */
export type Expression =
  | { kind: "number"; value: number }
  | Selector
  | { kind: "range"; of: Selector; milliseconds: number }
  | { kind: "call"; name: string; of: Expression[] }
  | { kind: "aggregate"; operator: string; grouping: Grouping | undefined; of: Expression }
  | {
      kind: "binary";
      operator: string;
      bool: boolean;
      matching: Grouping | undefined;
      left: Expression;
      right: Expression;
    }
  | { kind: "negative"; of: Expression };

/** `by (…)` and `on (…)` keep the labels named, `without (…)` and `ignoring (…)` all others. */
export interface Grouping {
  keeps: boolean;
  labels: string[];
}

const DURATION = /(\d+)(ms|y|w|d|h|m|s)/g;
const UNITS: Record<string, number> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};
const ESCAPES: Record<string, string> = { n: "\n", t: "\t", r: "\r", a: "\x07", b: "\b", f: "\f", v: "\v" };

/** Reads a query with Prometheus' own grammar. Throws {@link QueryRefused} and {@link BeyondEngine}. */
export function parseQuery(query: string): Expression {
  const tree = parser.parse(query);
  const cursor = tree.cursor();
  do {
    if (cursor.type.isError)
      throw new QueryRefused(
        "bad_data",
        `invalid parameter "query": 1:${cursor.from + 1}: parse error: unexpected ${query.slice(cursor.from, cursor.from + 20) || "end of input"}`,
      );
  } while (cursor.next());
  const top = tree.topNode.firstChild;
  if (!top)
    throw new QueryRefused(
      "bad_data",
      'invalid parameter "query": unknown position: parse error: no expression found in input',
    );
  return new Reader(query).read(top);
}

const childrenOf = (node: SyntaxNode): SyntaxNode[] => {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) found.push(child);
  return found;
};

class Reader {
  readonly #query: string;

  constructor(query: string) {
    this.#query = query;
  }

  read(node: SyntaxNode): Expression {
    switch (node.name) {
      case "NumberDurationLiteral":
        return { kind: "number", value: this.#number(node) };
      case "ParenExpr":
        return this.read(node.firstChild!);
      case "UnaryExpr": {
        const of = this.read(node.lastChild!);
        return this.#text(node.firstChild!) === "-" ? { kind: "negative", of } : of;
      }
      case "VectorSelector":
        return this.#selector(node);
      case "MatrixSelector":
        return {
          kind: "range",
          of: this.#selector(node.firstChild!),
          milliseconds: this.#duration(node.lastChild!),
        };
      case "OffsetExpr":
        return this.#shifted(node);
      case "FunctionCall":
        return {
          kind: "call",
          name: this.#text(node.firstChild!),
          of: childrenOf(node.getChild("FunctionCallBody")!).map((each) => this.read(each)),
        };
      case "AggregateExpr":
        return this.#aggregate(node);
      case "BinaryExpr":
        return this.#binary(node);
      default:
        throw this.#beyond(node);
    }
  }

  #text = ({ from, to }: SyntaxNode) => this.#query.slice(from, to);

  #beyond = (node: SyntaxNode) => new BeyondEngine(`${node.name} in ${this.#text(node)}`);

  #number(node: SyntaxNode): number {
    const text = this.#text(node).toLowerCase();
    if (text === "inf") return Number.POSITIVE_INFINITY;
    if (text === "nan") return Number.NaN;
    const value = Number(text.replaceAll("_", ""));
    if (Number.isNaN(value)) throw this.#beyond(node);
    return value;
  }

  #duration(node: SyntaxNode): number {
    const text = this.#text(node);
    const parts = [...text.matchAll(DURATION)];
    if (parts.map(([part]) => part).join("") !== text) throw this.#beyond(node);
    return parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit!]!, 0);
  }

  #string(node: SyntaxNode): string {
    const text = this.#text(node);
    const inner = text.slice(1, -1);
    if (text.startsWith("`")) return inner;
    return inner.replace(/\\(.)/g, (whole, escaped: string) => {
      if (/[xuU0-7]/.test(escaped)) throw new BeyondEngine(`the escape ${whole} in ${text}`);
      return ESCAPES[escaped] ?? escaped;
    });
  }

  #selector(node: SyntaxNode): Selector {
    if (node.name !== "VectorSelector") throw this.#beyond(node);
    const name = node.getChild("Identifier");
    const matchers: Matcher[] = name ? [{ label: NAME, operator: "=", value: this.#text(name) }] : [];
    for (const each of childrenOf(node.getChild("LabelMatchers") ?? node)) {
      if (each.name === "Identifier" || each.name === "LabelMatchers") continue;
      if (each.name !== "UnquotedLabelMatcher") throw this.#beyond(each);
      const [label, operator, value] = childrenOf(each);
      matchers.push({
        label: this.#text(label!),
        operator: this.#text(operator!) as Matcher["operator"],
        value: this.#string(value!),
      });
    }
    mustName(matchers);
    return { kind: "selector", matchers, offset: 0 };
  }

  #shifted(node: SyntaxNode): Expression {
    const [inner, , by] = childrenOf(node);
    const of = this.read(inner!);
    const offset = this.#duration(by!);
    if (of.kind === "selector") return { ...of, offset };
    if (of.kind === "range") return { ...of, of: { ...of.of, offset } };
    throw this.#beyond(node);
  }

  #aggregate(node: SyntaxNode): Expression {
    const body = childrenOf(node.getChild("FunctionCallBody")!);
    if (body.length !== 1) throw this.#beyond(node);
    return {
      kind: "aggregate",
      operator: this.#text(node.getChild("AggregateOp")!),
      grouping: this.#grouping(node.getChild("AggregateModifier")),
      of: this.read(body[0]!),
    };
  }

  #binary(node: SyntaxNode): Expression {
    const parts = childrenOf(node);
    const matching = node.getChild("MatchingModifierClause");
    if (matching?.getChild("GroupLeft") || matching?.getChild("GroupRight")) throw this.#beyond(matching);
    return {
      kind: "binary",
      operator: this.#text(parts[1]!),
      bool: node.getChild("BoolModifier") !== null,
      matching: this.#grouping(matching),
      left: this.read(parts[0]!),
      right: this.read(parts.at(-1)!),
    };
  }

  #grouping(node: SyntaxNode | null): Grouping | undefined {
    const list = node?.getChild("GroupingLabels");
    if (!node || !list) return undefined;
    const labels = childrenOf(list).map((each) => {
      if (each.name !== "LabelName") throw this.#beyond(each);
      return this.#text(each);
    });
    return { keeps: ["By", "On"].includes(node.firstChild!.name), labels };
  }
}

/** A selector that any series fits would read everything: Prometheus refuses it. */
function mustName(matchers: Matcher[]): void {
  const fitsEmpty = ({ operator, value }: Matcher) => {
    if (operator === "=") return value === "";
    if (operator === "!=") return value !== "";
    try {
      return new RegExp(`^(?:${value})$`, "s").test("") === (operator === "=~");
    } catch (error) {
      throw new QueryRefused("bad_data", `invalid parameter "query": ${(error as Error).message}`);
    }
  };
  // Each of them is looked at: a wrong expression is refused wherever it stands.
  if (matchers.map(fitsEmpty).every(Boolean))
    throw new QueryRefused(
      "bad_data",
      'invalid parameter "query": 1:1: parse error: vector selector must contain at least one non-empty matcher',
    );
}
