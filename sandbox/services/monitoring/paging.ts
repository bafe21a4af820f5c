import { ServiceException } from "../../service.ts";

/** One page of a list and the token of the next; a token is the place where it goes on. */
export function page<Item>(
  all: Item[],
  most: number,
  token: string | undefined,
): { items: Item[]; NextToken?: string } {
  const from = token === undefined || token === "" ? 0 : Number(Buffer.from(token, "base64url").toString());
  if (!Number.isInteger(from) || from < 0)
    throw new ServiceException("InvalidNextToken", "The specified nextToken is invalid.");
  const items = all.slice(from, from + most);
  return from + most < all.length
    ? { items, NextToken: Buffer.from(String(from + most)).toString("base64url") }
    : { items };
}
