import { ServiceException } from "../../service.ts";

const PAGE = 100;

/** One page of a list and the token of the next; a token is the place where it goes on. */
export function page<Item>(
  all: Item[],
  { Limit, NextToken }: { Limit?: number | undefined; NextToken?: string | undefined },
): { items: Item[]; next: { NextToken?: string } } {
  const from = NextToken === undefined ? 0 : Number(Buffer.from(NextToken, "base64url").toString() || "NaN");
  if (!Number.isInteger(from) || from < 0)
    throw new ServiceException("ValidationException", "The nextToken is invalid.");
  const end = from + (Limit ?? PAGE);
  const more = end < all.length;
  return {
    items: all.slice(from, end),
    next: more ? { NextToken: Buffer.from(String(end)).toString("base64url") } : {},
  };
}
