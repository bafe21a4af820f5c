import { BeyondEngine, QueryRefused } from "./errors.ts";
import { AGGREGATES, ARITHMETIC, COMPARISONS, WINDOWED } from "./functions.ts";
import { bucketQuantile } from "./histogram.ts";
import type { Expression, Grouping, Selector } from "./parse.ts";
import { keyOf, type Labels, NAME, only, type Series, type SeriesStore, without } from "./series.ts";

/** How long a series keeps its last value, milliseconds. */
const LOOKBACK = 5 * 60_000;

/** One element of an instant vector. */
export interface Element {
  labels: Labels;
  value: number;
}
export type Value = { type: "scalar"; value: number } | { type: "vector"; elements: Element[] };

/** What a query says at one moment, epoch milliseconds. Throws {@link QueryRefused} and {@link BeyondEngine}. */
export function evaluate(expression: Expression, store: SeriesStore, at: number): Value {
  switch (expression.kind) {
    case "number":
      return { type: "scalar", value: expression.value };
    case "selector":
      return vector(selected(expression, store, at));
    case "range":
      throw new BeyondEngine("a range vector as the whole answer");
    case "negative": {
      const of = evaluate(expression.of, store, at);
      return of.type === "scalar" ? { ...of, value: -of.value } : renamed(of.elements, (value) => -value);
    }
    case "aggregate":
      return aggregated(expression, vectorOf(evaluate(expression.of, store, at), expression.operator));
    case "call":
      return called(expression, store, at);
    case "binary":
      return combined(
        expression,
        evaluate(expression.left, store, at),
        evaluate(expression.right, store, at),
      );
  }
}

/** Two elements with the same labels are a mistake of the query, as they are in Prometheus. */
function vector(elements: Element[]): Value {
  if (new Set(elements.map(({ labels }) => keyOf(labels))).size < elements.length)
    throw new QueryRefused("execution", "vector cannot contain metrics with the same labelset");
  return { type: "vector", elements };
}

const renamed = (elements: Element[], next: (value: number) => number) =>
  vector(elements.map(({ labels, value }) => ({ labels: without(labels, NAME), value: next(value) })));

const wrongType = (what: string, wanted: string, got: string) =>
  new QueryRefused(
    "bad_data",
    `invalid parameter "query": parse error: expected type ${wanted} in ${what}, got ${got}`,
  );

function vectorOf(value: Value, what: string): Element[] {
  if (value.type === "scalar") throw wrongType(what, "instant vector", "scalar");
  return value.elements;
}

function selected({ matchers, offset }: Selector, store: SeriesStore, at: number): Element[] {
  const moment = at - offset;
  return store.select(matchers).flatMap(({ labels, samples }) => {
    const newest = samples.findLast(([time]) => time <= moment);
    return newest && newest[0] >= moment - LOOKBACK ? [{ labels, value: newest[1] }] : [];
  });
}

function called({ name, of }: Expression & { kind: "call" }, store: SeriesStore, at: number): Value {
  const [first] = of;
  if (first && of.length === 1 && (name === "vector" || name === "scalar"))
    return converted(name, evaluate(first, store, at));
  if (first && of[1] && name === "histogram_quantile" && of.length === 2)
    return quantiles(evaluate(first, store, at), vectorOf(evaluate(of[1], store, at), name));
  const windowed = WINDOWED[name];
  if (!windowed || of.length !== 1 || !first) throw new BeyondEngine(`the function ${name}`);
  if (first.kind !== "range")
    throw wrongType(
      `call to function "${name}"`,
      "range vector",
      first.kind === "number" ? "scalar" : "instant vector",
    );
  const end = at - first.of.offset;
  const start = end - first.milliseconds;
  const within = ({ samples }: Series) => samples.filter(([time]) => time >= start && time <= end);
  return vector(
    store.select(first.of.matchers).flatMap((series) => {
      const samples = within(series);
      const value = samples.length === 0 ? undefined : windowed({ samples, start, end });
      const labels = name === "last_over_time" ? series.labels : without(series.labels, NAME);
      return value === undefined ? [] : [{ labels, value }];
    }),
  );
}

function converted(to: "vector" | "scalar", value: Value): Value {
  if (to === "scalar") {
    const [only, ...more] = vectorOf(value, 'call to function "scalar"');
    return { type: "scalar", value: only && more.length === 0 ? only.value : Number.NaN };
  }
  if (value.type === "vector") throw wrongType('call to function "vector"', "scalar", "instant vector");
  return vector([{ labels: {}, value: value.value }]);
}

/** One quantile for each histogram: its buckets differ in `le` alone. */
function quantiles(quantile: Value, elements: Element[]): Value {
  if (quantile.type === "vector")
    throw wrongType('call to function "histogram_quantile"', "scalar", "instant vector");
  const bound = ({ labels }: Element) =>
    Number((labels["le"] || "none").replace(/^([+-]?)Inf$/, "$1Infinity"));
  const buckets = elements.filter((each) => !Number.isNaN(bound(each)));
  const groups = Map.groupBy(buckets, ({ labels }) => keyOf(without(labels, NAME, "le")));
  return vector(
    [...groups.values()].map((group) => ({
      labels: without(group[0]!.labels, NAME, "le"),
      value: bucketQuantile(
        quantile.value,
        group.map((each) => ({ le: bound(each), count: each.value })),
      ),
    })),
  );
}

const SETS = ["and", "or", "unless"];

/** Elements of both sides by whether the other side has their labels; values are not looked at. */
function joined({ operator, matching }: Expression & { kind: "binary" }, left: Value, right: Value): Value {
  if (left.type === "scalar" || right.type === "scalar")
    throw new QueryRefused(
      "bad_data",
      `invalid parameter "query": parse error: set operator "${operator}" not allowed in binary scalar expression`,
    );
  const by = matching ?? { keeps: false, labels: [] };
  const signature = ({ labels }: Element) => keyOf(groupOf(labels, by));
  const [here, there] = [left, right].map(({ elements }) => new Set(elements.map(signature)));
  if (operator === "or")
    return vector([...left.elements, ...right.elements.filter((each) => !here!.has(signature(each)))]);
  return vector(left.elements.filter((each) => there!.has(signature(each)) === (operator === "and")));
}

const groupOf = (labels: Labels, { keeps, labels: named }: Grouping): Labels =>
  keeps ? only(labels, named) : without(labels, NAME, ...named);

function aggregated({ operator, grouping }: Expression & { kind: "aggregate" }, elements: Element[]): Value {
  const aggregate = AGGREGATES[operator];
  if (!aggregate) throw new BeyondEngine(`the aggregation ${operator}`);
  const by = grouping ?? { keeps: true, labels: [] };
  const groups = Map.groupBy(elements, ({ labels }) => keyOf(groupOf(labels, by)));
  return vector(
    [...groups.values()].map((group) => ({
      labels: groupOf(group[0]!.labels, by),
      value: aggregate(group.map(({ value }) => value)),
    })),
  );
}

function combined(expression: Expression & { kind: "binary" }, left: Value, right: Value): Value {
  const { operator, bool } = expression;
  if (SETS.includes(operator)) return joined(expression, left, right);
  const compares = COMPARISONS[operator];
  const calculates = ARITHMETIC[operator];
  if (!compares && !calculates) throw new BeyondEngine(`the operator ${operator}`);
  if (left.type === "scalar" && right.type === "scalar") {
    if (compares && !bool)
      throw new QueryRefused(
        "bad_data",
        'invalid parameter "query": parse error: comparisons between scalars must use BOOL modifier',
      );
    return {
      type: "scalar",
      value: compares ? Number(compares(left.value, right.value)) : calculates!(left.value, right.value),
    };
  }
  const pairs = paired(expression, left, right);
  if (compares && !bool)
    return vector(pairs.filter((pair) => compares(pair.left, pair.right)).map(({ kept }) => kept));
  const result = compares
    ? (a: number, b: number) => Number(compares(a, b))
    : (a: number, b: number) => calculates!(a, b);
  return vector(
    pairs.map(({ labels, left: a, right: b }) => ({ labels: without(labels, NAME), value: result(a, b) })),
  );
}

interface Pair {
  left: number;
  right: number;
  /** Of the result of a calculation. */
  labels: Labels;
  /** What a comparison lets through. */
  kept: Element;
}

function paired({ matching }: Expression & { kind: "binary" }, left: Value, right: Value): Pair[] {
  if (left.type === "scalar")
    return vectorOf(right, "").map((each) => ({
      left: left.value,
      right: each.value,
      labels: each.labels,
      kept: each,
    }));
  if (right.type === "scalar")
    return left.elements.map((each) => ({
      left: each.value,
      right: right.value,
      labels: each.labels,
      kept: each,
    }));
  const by = matching ?? { keeps: false, labels: [] };
  const sides = [left, right].map(({ elements }) =>
    Map.groupBy(elements, ({ labels }) => keyOf(groupOf(labels, by))),
  );
  return [...sides[0]!].flatMap(([key, [own, ...more]]) => {
    const [other, ...others] = sides[1]!.get(key) ?? [];
    if (!other || !own) return [];
    if (more.length + others.length > 0)
      throw new QueryRefused(
        "execution",
        `found duplicate series for the match group ${key} on the ${others.length > 0 ? "right" : "left"} hand-side of the operation; many-to-many matching not allowed: matching labels must be unique on one side`,
      );
    return [{ left: own.value, right: other.value, labels: groupOf(own.labels, by), kept: own }];
  });
}
