/** One page of a list by `Marker` and `MaxItems`; the marker is the index of the next item. */
export function page<Item>(
  items: Item[],
  input: { Marker?: string | undefined; MaxItems?: number | undefined },
): { items: Item[]; NextMarker?: string } {
  const from = Number(input.Marker ?? 0);
  const to = from + Math.min(input.MaxItems ?? 50, 10_000);
  return { items: items.slice(from, to), ...(to < items.length ? { NextMarker: String(to) } : {}) };
}
