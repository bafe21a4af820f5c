import { ServiceException } from "../../service.ts";

/** One page of a list; the token is the index of the next item. */
export function page<Item>(
  all: Item[],
  size: number,
  token: string | undefined,
): { items: Item[]; nextToken: string | undefined } {
  const from = token === undefined ? 0 : Number(Buffer.from(token, "base64").toString());
  if (!Number.isInteger(from)) throw new ServiceException("InvalidToken", `Invalid Token: '${token}'`);
  const next = from + size;
  return {
    items: all.slice(from, next),
    nextToken: next < all.length ? Buffer.from(String(next)).toString("base64") : undefined,
  };
}
