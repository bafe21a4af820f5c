import { invalid } from "./errors.ts";

const PAGE = 100;

/** One page of a list and the token of the next; a token is the place where it goes on. */
export function page<Item>(all: Item[], token: string | undefined): { items: Item[]; NextToken?: string } {
  const from = token === undefined ? 0 : Number(Buffer.from(token, "base64url").toString() || "NaN");
  if (!Number.isInteger(from) || from < 0) throw invalid("NextToken");
  const items = all.slice(from, from + PAGE);
  if (from + PAGE >= all.length) return { items };
  return { items, NextToken: Buffer.from(String(from + PAGE)).toString("base64url") };
}
