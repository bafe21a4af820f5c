import type { CompareAnswer, CompareEvent } from "../runtime/protocol.ts";

const rounded = (value: number) => Math.round(value * 100) / 100;

/**
 * Whether a metric got worse (invariant 15). Worse is both: beyond `percent` of what it was, and by `by` or more in its
 * own unit, so that a rate that went from 0.1 to 0.3 stops nothing. Without a value then or now nothing is said: what
 * was not measured is no evidence. Pure.
 */
export function compared(
  { metric, percent, by, direction }: CompareEvent["worse"],
  before: number | null,
  values: number[],
): CompareAnswer {
  const value = values.length === 0 ? null : values.reduce((sum, each) => sum + each, 0) / values.length;
  if (value === null)
    return { value, worse: false, note: `${metric.name} has no data, so nothing can be said of it` };
  const now = `${metric.name} is ${rounded(value)}`;
  if (before === null) return { value, worse: false, note: `${now}; what it was before is not known` };
  const change = direction === "up" ? value - before : before - value;
  const beyond = direction === "up" ? value > (before * percent) / 100 : value < (before * 100) / percent;
  return {
    value,
    worse: beyond && change >= by,
    note: `${now}, before the first change it was ${rounded(before)}`,
  };
}
