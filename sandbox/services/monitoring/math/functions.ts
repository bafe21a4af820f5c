import { across, isSeries, mapPoints, type Point, type Series, type Value } from "./value.ts";

/** What a function may ask about the request it is part of. */
export interface Scope {
  /** Epoch milliseconds; periods are counted from `from`. */
  from: number;
  to: number;
  /** All series of metrics in the request whose id contains the text. */
  metrics(containing: string): Series[];
  fail(why: string): Error;
}

/** A word or a text among the arguments stays as it is; everything else has been evaluated. */
export type Argument = Value | { word: string };

type Call = (given: Argument[], scope: Scope) => Value;

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: number[]) => sum(values) / values.length;
const deviation = (values: number[]) => {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
};

/** Over time for one series (a number), over the series for several (a series). */
const aggregate =
  (reduce: (values: number[]) => number): Call =>
  (given, { fail }) => {
    const [of] = given;
    if (Array.isArray(of)) return across(of, reduce);
    if (typeof of === "number") return reduce([of]);
    if (of && "points" in of)
      return of.points.length === 0 ? Number.NaN : reduce(of.points.map(({ value }) => value));
    throw fail("a metric is expected");
  };

/** Each series by itself. */
const onSeries =
  (change: (series: Series, given: Argument[], scope: Scope) => Value): Call =>
  (given, scope) => {
    const [of] = given;
    if (Array.isArray(of)) return of.map((each) => change(each, given, scope) as Series);
    if (typeof of === "object" && "points" in of) return change(of, given, scope);
    throw scope.fail("a metric is expected");
  };

const onNumbers =
  (change: (value: number) => number): Call =>
  (given, scope) =>
    typeof given[0] === "number"
      ? change(given[0])
      : onSeries((series) => mapPoints(series, change))(given, scope);

/** A part of each point's own time, UTC. */
const ofTime = (part: (date: Date) => number): Call =>
  onSeries((series) => mapPoints(series, (_, at) => part(new Date(at))));

const pairs = (series: Series, of: (before: Point, now: Point) => number): Series => ({
  period: series.period,
  points: series.points.slice(1).map((now, index) => ({ at: now.at, value: of(series.points[index]!, now) })),
});

/** Metric math's functions by name; what is not here the sandbox does not have. */
export const FUNCTIONS: Record<string, Call> = {
  ABS: onNumbers(Math.abs),
  CEIL: onNumbers(Math.ceil),
  FLOOR: onNumbers(Math.floor),
  LOG: onNumbers(Math.log),
  LOG10: onNumbers(Math.log10),
  AVG: aggregate(mean),
  SUM: aggregate(sum),
  MIN: aggregate((values) => Math.min(...values)),
  MAX: aggregate((values) => Math.max(...values)),
  STDDEV: aggregate(deviation),
  DATAPOINT_COUNT: aggregate((values) => values.length),
  METRIC_COUNT: ([of]) => (Array.isArray(of) ? of.length : 1),
  METRICS: ([containing], { metrics }) =>
    metrics(typeof containing === "object" && "word" in containing ? containing.word : ""),
  DIFF: onSeries((series) => pairs(series, (before, now) => now.value - before.value)),
  DIFF_TIME: onSeries((series) => pairs(series, (before, now) => (now.at - before.at) / 1000)),
  RATE: onSeries((series) =>
    pairs(series, (before, now) => (now.value - before.value) / ((now.at - before.at) / 1000)),
  ),
  RUNNING_SUM: onSeries((series) => {
    let total = 0;
    return mapPoints(series, (value) => {
      total += value;
      return total;
    });
  }),
  PERIOD: onSeries(({ period }) => period),
  FIRST: first(0),
  LAST: first(-1),
  DAY: ofTime((date) => ((date.getUTCDay() + 6) % 7) + 1),
  DATE: ofTime((date) => date.getUTCDate()),
  MONTH: ofTime((date) => date.getUTCMonth() + 1),
  YEAR: ofTime((date) => date.getUTCFullYear()),
  HOUR: ofTime((date) => date.getUTCHours()),
  MINUTE: ofTime((date) => date.getUTCMinutes()),
  EPOCH: ofTime((date) => Math.floor(date.getTime() / 1000)),
  FILL: onSeries(fill),
  IF: (given, scope) => choose(given, scope),
  TIME_SERIES: ([of], { from, to, fail }) => {
    if (typeof of !== "number") throw fail("TIME_SERIES takes a number");
    return { period: 60, points: moments(from, to, 60).map((at) => ({ at, value: of })) };
  },
  REMOVE_EMPTY: ([of]) => (Array.isArray(of) ? of.filter(({ points }) => points.length > 0) : (of as Series)),
  SLICE: ([of, from, to], { fail }) => {
    if (!Array.isArray(of)) throw fail("SLICE takes several metrics");
    return of.slice(Number(from), to === undefined ? undefined : Number(to));
  },
  SORT: ([of, by, order, most], { fail }) => {
    if (!Array.isArray(of)) throw fail("SORT takes several metrics");
    const reduce = FUNCTIONS[wordOf(by)];
    const scope = { fail } as Scope;
    if (!reduce) throw fail("SORT takes AVG, MIN, MAX or SUM");
    const sorted = of.toSorted(
      (left, right) => Number(reduce([left], scope)) - Number(reduce([right], scope)),
    );
    if (wordOf(order) === "DESC") sorted.reverse();
    return sorted.slice(0, most === undefined ? undefined : Number(most));
  },
};

const wordOf = (given: Argument | undefined) =>
  typeof given === "object" && "word" in given ? given.word.toUpperCase() : "";

function first(index: 0 | -1): Call {
  return ([of], { fail }) => {
    if (Array.isArray(of)) {
      const found = of.at(index);
      if (!found) throw fail("there is no metric");
      return found;
    }
    if (typeof of === "object" && "points" in of) return of.points.at(index)?.value ?? Number.NaN;
    throw fail("a metric is expected");
  };
}

function moments(from: number, to: number, period: number): number[] {
  const found: number[] = [];
  for (let at = from; at < to; at += period * 1000) found.push(at);
  return found;
}

/** FILL(metric, 0), FILL(metric, REPEAT), FILL(metric, LINEAR), FILL(metric, other metric). */
function fill(series: Series, [, by]: Argument[], { from, to, fail }: Scope): Series {
  const known = new Map(series.points.map(({ at, value }) => [at, value]));
  const others =
    typeof by === "object" && "points" in by
      ? new Map(by.points.map(({ at, value }) => [at, value]))
      : undefined;
  const word = wordOf(by);
  if (typeof by !== "number" && !others && word !== "REPEAT" && word !== "LINEAR")
    throw fail("FILL takes a number, REPEAT, LINEAR or a metric");
  const value = (at: number): number | undefined => {
    if (known.has(at)) return known.get(at);
    if (typeof by === "number") return by;
    if (others) return others.get(at);
    const before = series.points.findLast((point) => point.at < at);
    if (word === "REPEAT" || !before) return before?.value;
    const after = series.points.find((point) => point.at > at);
    if (!after) return before.value;
    return before.value + ((after.value - before.value) * (at - before.at)) / (after.at - before.at);
  };
  return {
    period: series.period,
    points: moments(from, to, series.period).flatMap((at) => {
      const found = value(at);
      return found === undefined ? [] : [{ at, value: found }];
    }),
  };
}

/** IF(condition, then, otherwise): not zero is true; without `otherwise` the other moments have no point. */
function choose([condition, then, otherwise]: Argument[], { fail }: Scope): Value {
  const plain = (given: Argument | undefined): Value | undefined => {
    if (given === undefined || typeof given === "number" || Array.isArray(given) || "points" in given)
      return given;
    throw fail(`${given.word} is no metric`);
  };
  const [when, yes, no] = [plain(condition), plain(then), plain(otherwise)];
  if (when === undefined || yes === undefined) throw fail("IF takes a condition and a value");
  if (typeof when === "number") return when !== 0 ? yes : (no ?? { points: [], period: 60 });
  if (Array.isArray(when)) throw fail("IF takes one metric as its condition");
  const at = (value: Value | undefined, moment: number) => {
    if (typeof value === "number") return value;
    if (value === undefined || !isSeries(value)) return Number.NaN;
    return value.points.find((point) => point.at === moment)?.value ?? Number.NaN;
  };
  return mapPoints(when, (chosen, moment) => at(chosen !== 0 ? yes : no, moment));
}
