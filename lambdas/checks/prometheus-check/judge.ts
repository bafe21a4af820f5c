import type { Measurement } from "../../runtime/protocol.ts";

/** One series of an answer. */
export interface Series {
  /** Its labels as PromQL writes them. */
  name: string;
  /** Of one moment or of several. */
  values: number[];
}

interface Wanted {
  expect: string;
  minimumSeries: number;
  minimumSamples: number;
}

const OPERATORS: Record<string, (value: number, limit: number) => boolean> = {
  "<": (value, limit) => value < limit,
  "<=": (value, limit) => value <= limit,
  ">": (value, limit) => value > limit,
  ">=": (value, limit) => value >= limit,
};

/**
 * Every value of every series must fit, and the worst one is the evidence. One that does not fit has failed, whatever
 * else is missing; too few series or values, or a NaN among them, are inconclusive and never good news. Pure.
 */
export function judge(
  series: Series[],
  { expect, minimumSeries, minimumSamples }: Wanted,
): Pick<Measurement, "verdict" | "value"> & { worst?: string } {
  const [, operator = "", text = ""] = /^(>=|<=|>|<)\s*(.*)$/.exec(expect) ?? [];
  const fits = (value: number) => OPERATORS[operator]!(value, Number(text));
  const known = series.flatMap(({ name, values }) =>
    values.filter((value) => !Number.isNaN(value)).map((value) => ({ name, value })),
  );
  const [worst] = known.toSorted((a, b) =>
    a.value === b.value ? 0 : a.value < b.value === operator.startsWith("<") ? 1 : -1,
  );
  const found = worst ? { value: `${Number(worst.value.toPrecision(6))}`, worst: worst.name } : {};
  if (worst && !fits(worst.value)) return { verdict: "failed", ...found };
  const missing =
    series.length < minimumSeries ||
    series.some(({ values }) => values.length < minimumSamples || values.some(Number.isNaN));
  return missing ? { verdict: "inconclusive" } : { verdict: "passed", ...found };
}
