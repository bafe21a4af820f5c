import { createHmac, timingSafeEqual } from "node:crypto";

/** How long a page may lie open before its form is stale, milliseconds. */
const VALID = 30 * 60_000;

const signed = (seed: string, hash: string, at: number) =>
  createHmac("sha256", seed).update(`${hash} ${at}`).digest("base64url");

/**
 * What ties a form to a page that this function has shown, of this link and these changes. Derived and not stored, so
 * that a GET writes nothing; good once, because the answer it carries is taken once.
 */
export const nonceFor = (seed: string, hash: string, now: number): string =>
  `${now.toString(36)}.${signed(seed, hash, now)}`;

export function nonceHolds(nonce: string, seed: string, hash: string, now: number): boolean {
  const [when = "", mac = ""] = nonce.split(".");
  const at = Number.parseInt(when, 36);
  if (!(at <= now && now - at <= VALID)) return false;
  const expected = Buffer.from(signed(seed, hash, at));
  const given = Buffer.from(mac);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
