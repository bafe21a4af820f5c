import type { Shape } from "./model.ts";

const DATE_TIME = 5;
const HTTP_DATE = 6;
const EPOCH_SECONDS = 7;

/** Which of the three formats a timestamp member has, given the protocol's default. */
function formatOf(shape: Shape, byDefault: number): number {
  const schema = shape.getSchema();
  return schema === DATE_TIME || schema === HTTP_DATE || schema === EPOCH_SECONDS ? schema : byDefault;
}

export const TIMESTAMP = { DATE_TIME, HTTP_DATE, EPOCH_SECONDS };

/** A Date as the wire has it; milliseconds are kept where the format can. */
export function timestampOut(shape: Shape, value: Date, byDefault: number): string | number {
  const format = formatOf(shape, byDefault);
  if (format === EPOCH_SECONDS) return value.getTime() / 1000;
  if (format === HTTP_DATE) return value.toUTCString();
  return value.toISOString();
}

/** Reads any of the formats: clients are liberal in what they send. */
export function timestampIn(value: unknown): Date {
  const number = typeof value === "number" ? value : Number(value);
  const date = Number.isFinite(number) && value !== "" ? new Date(number * 1000) : new Date(String(value));
  if (Number.isNaN(date.getTime())) throw new TypeError(`not a timestamp: ${String(value)}`);
  return date;
}
