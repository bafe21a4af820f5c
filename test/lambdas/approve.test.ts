import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nonceFor, nonceHolds } from "../../lambdas/approve/nonce.ts";
import { escaped } from "../../lambdas/approve/page.ts";
import { formOf, isForeign, type UrlEvent } from "../../lambdas/approve/request.ts";

const MINUTE = 60_000;
const NOW = Date.parse("2026-01-08T10:00:00Z");

describe("the nonce of a form", () => {
  const nonce = nonceFor("seed", "hash", NOW);

  it("holds for half an hour, and not before it was made", () => {
    expect(nonceHolds(nonce, "seed", "hash", NOW)).toBe(true);
    expect(nonceHolds(nonce, "seed", "hash", NOW + 30 * MINUTE)).toBe(true);
    expect(nonceHolds(nonce, "seed", "hash", NOW + 30 * MINUTE + 1)).toBe(false);
    expect(nonceHolds(nonce, "seed", "hash", NOW - 1)).toBe(false);
  });

  it("holds for its own link and changes alone", () => {
    expect(nonceHolds(nonce, "another seed", "hash", NOW)).toBe(false);
    expect(nonceHolds(nonce, "seed", "another hash", NOW)).toBe(false);
  });

  it("cannot be made younger", () => {
    const [, mac] = nonce.split(".");

    expect(nonceHolds(`${(NOW + 40 * MINUTE).toString(36)}.${mac}`, "seed", "hash", NOW + 40 * MINUTE)).toBe(
      false,
    );
  });

  it("is nothing that can be guessed", () => {
    fc.assert(
      fc.property(fc.string(), (guess) => {
        expect(nonceHolds(guess, "seed", "hash", NOW)).toBe(false);
      }),
    );
  });
});

const event = (more: Partial<UrlEvent> = {}): UrlEvent => ({
  rawPath: "/x",
  headers: { "content-type": "application/x-www-form-urlencoded" },
  requestContext: { domainName: "page.example", http: { method: "POST" } },
  isBase64Encoded: false,
  ...more,
});

describe("a form", () => {
  const fields = { decision: "approve", nonce: "n", hash: "h", confirm: "yes", reason: "so  be\r\nit" };
  const body = new URLSearchParams(fields).toString();

  it("is read as Lambda hands it over: in base64 or as it is, its reason in one line", () => {
    const read = { decision: "approve", nonce: "n", hash: "h", confirm: true, reason: "so be it" };

    expect(formOf(event({ body }))).toEqual(read);
    expect(formOf(event({ body: Buffer.from(body).toString("base64"), isBase64Encoded: true }))).toEqual(
      read,
    );
  });

  it("without fields decides nothing", () => {
    expect(formOf(event())).toEqual({ decision: "", nonce: "", hash: "", confirm: false, reason: "" });
  });

  it("of another type, or far too long, is none", () => {
    expect(formOf(event({ body, headers: { "content-type": "text/plain" } }))).toBeUndefined();
    expect(formOf(event({ body, headers: {} }))).toBeUndefined();
    expect(formOf(event({ body: `reason=${"x".repeat(9_000)}` }))).toBeUndefined();
    expect(formOf(event({ body: `reason=${"x".repeat(5_000)}` }))!.reason).toHaveLength(500);
  });

  it("of another site is known by what the browser says", () => {
    const foreign = (headers: Record<string, string>) => isForeign(event({ headers }));

    expect(foreign({ "sec-fetch-site": "same-origin", origin: "https://page.example" })).toBe(false);
    expect(foreign({})).toBe(false);
    for (const site of ["cross-site", "same-site", "none"])
      expect(foreign({ "sec-fetch-site": site })).toBe(true);
    for (const origin of [
      "null",
      "https://evil.example",
      "http://page.example",
      "https://page.example.evil.example",
    ])
      expect(foreign({ origin })).toBe(true);
  });
});

it("any text in the page stays a text", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(escaped(text)).not.toMatch(/[<>"']|&(?!#\d+;)/);
    }),
  );
});
