/** A comparison of a plan: `"> 10"`, or with a value in percent of the baseline: `"> 150% of baseline"`. */
export interface Comparison {
  operator: ">" | ">=" | "<" | "<=";
  value: number;
}

/** Whether a threshold is relative to the metric's baseline. */
export const isBaseline = (text: string): boolean => text.endsWith("of baseline");

/** Reads a threshold. Throws RangeError when it is none. */
export function comparison(text: string): Comparison {
  const match = /^(>=|<=|>|<)\s*(-?\d+(?:\.\d+)?)(?:\s*% of baseline)?$/.exec(text);
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
