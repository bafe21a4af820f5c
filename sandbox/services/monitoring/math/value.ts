/** One point of a series; `at` is the start of its period, epoch milliseconds. */
export interface Point {
  at: number;
  value: number;
}

/** Points, oldest first, and how many seconds apart they are. */
export interface Series {
  points: Point[];
  period: number;
}

/** What an expression can be: a number, one series, or several. */
export type Value = number | Series | Series[];

export const isSeries = (value: Value): value is Series => typeof value === "object" && !Array.isArray(value);

/** Every point through a function; a result that is no number is no point. */
export const mapPoints = (series: Series, change: (value: number, at: number) => number): Series => ({
  period: series.period,
  points: series.points
    .map(({ at, value }) => ({ at, value: change(value, at) }))
    .filter(({ value }) => Number.isFinite(value)),
});

/**
 * Two values point by point: a number stands for every moment, a series has a result only where both have a point,
 * and several series are each taken by themselves.
 */
export function combine(left: Value, right: Value, operate: (left: number, right: number) => number): Value {
  if (Array.isArray(left)) return left.map((each) => combine(each, right, operate) as Series);
  if (Array.isArray(right)) return right.map((each) => combine(left, each, operate) as Series);
  if (typeof left === "number" && typeof right === "number") return operate(left, right);
  if (typeof left === "number") return mapPoints(right as Series, (value) => operate(left, value));
  if (typeof right === "number") return mapPoints(left, (value) => operate(value, right));
  const others = new Map(right.points.map(({ at, value }) => [at, value]));
  const points = left.points.filter(({ at }) => others.has(at));
  return mapPoints({ points, period: Math.max(left.period, right.period) }, (value, at) =>
    operate(value, others.get(at)!),
  );
}

/** Several series at each moment that any of them has a point. */
export function across(list: Series[], reduce: (values: number[]) => number): Series {
  const moments = new Map<number, number[]>();
  for (const { points } of list)
    for (const { at, value } of points) {
      const known = moments.get(at);
      if (known) known.push(value);
      else moments.set(at, [value]);
    }
  const points = [...moments]
    .toSorted(([left], [right]) => left - right)
    .map(([at, values]) => ({ at, value: reduce(values) }));
  return { points, period: Math.max(...list.map(({ period }) => period), 1) };
}
