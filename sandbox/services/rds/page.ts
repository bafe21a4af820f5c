import { ServiceException } from "../../service.ts";

/** One page of a Describe operation: `MaxRecords` is 20 to 100, the marker the index of the next item. */
export function page<Item>(
  all: Item[],
  input: { MaxRecords?: number | undefined; Marker?: string | undefined },
): { items: Item[]; Marker: string | undefined } {
  const size = input.MaxRecords ?? 100;
  if (size < 20 || size > 100)
    throw new ServiceException(
      "InvalidParameterValue",
      `Invalid value ${size} for MaxRecords. Must be between 20 and 100`,
    );
  const from = input.Marker ? Number(input.Marker) : 0;
  const next = from + size;
  return { items: all.slice(from, next), Marker: next < all.length ? String(next) : undefined };
}
