/**
 * A comparison of a plan. Its value is the metric's own, `"> 10"`, or percent of its baseline, `"> 150% of baseline"`, or
 * how many standard deviations the metric is away from its baseline, `"> 3 deviations from baseline"`; below it, the
 * number of deviations is negative.
 */
export interface Comparison {
  operator: ">" | ">=" | "<" | "<=";
  value: number;
}

/** A threshold as people write it. */
export const THRESHOLD =
  /^(>=|<=|>|<)\s*(-?\d+(?:\.\d+)?)(?:\s*% of baseline|\s+deviations? from baseline)?$/;

/** Whether a threshold is relative to the metric's baseline. */
export const isBaseline = (text: string): boolean => text.endsWith("baseline");

/** Whether it counts standard deviations from the baseline, and not percent of it. */
export const isDeviation = (text: string): boolean => text.endsWith("from baseline");

/** Reads a threshold. Throws RangeError when it is none. */
export function comparison(text: string): Comparison {
  const match = THRESHOLD.exec(text);
  if (!match)
    throw new RangeError(`"${text}" is no threshold; write a comparison and a number, for example "> 10"`);
  return { operator: match[1] as Comparison["operator"], value: Number(match[2]) };
}

/** Whether a value crosses it. */
export function crosses(value: number, { operator, value: limit }: Comparison): boolean {
  switch (operator) {
    case ">":
      return value > limit;
    case ">=":
      return value >= limit;
    case "<":
      return value < limit;
    case "<=":
      return value <= limit;
  }
}
