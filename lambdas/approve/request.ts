import { oneLine } from "../runtime/one-line.ts";

/** A request to a function URL, payload format 2.0, as far as the page looks at it. */
export interface UrlEvent {
  rawPath: string;
  headers: Record<string, string | undefined>;
  requestContext: { domainName: string; http: { method: string } };
  body?: string;
  isBase64Encoded: boolean;
}

/** What the form sends. */
export interface Form {
  decision: string;
  nonce: string;
  hash: string;
  confirm: boolean;
  reason: string;
}

/** Longest form that is read, bytes: 500 characters of reason in four bytes each, percent-encoded, and the rest. */
const LONGEST_FORM = 8192;
const LONGEST_REASON = 500;

/** The form of a POST; undefined when it is none, or far too long to be this page's. */
export function formOf({ headers, body = "", isBase64Encoded }: UrlEvent): Form | undefined {
  if (!/^application\/x-www-form-urlencoded\b/i.test(headers["content-type"] ?? "")) return undefined;
  if (body.length > 2 * LONGEST_FORM) return undefined;
  const text = isBase64Encoded ? Buffer.from(body, "base64").toString("utf8") : body;
  if (text.length > LONGEST_FORM) return undefined;
  const fields = new URLSearchParams(text);
  return {
    decision: fields.get("decision") ?? "",
    nonce: fields.get("nonce") ?? "",
    hash: fields.get("hash") ?? "",
    confirm: fields.get("confirm") === "yes",
    // One line: it goes into mails and a report.
    reason: Array.from(oneLine(fields.get("reason") ?? ""))
      .slice(0, LONGEST_REASON)
      .join(""),
  };
}

/** Whether a POST comes from another site, as far as the browser says. Browsers of these days always say. */
export function isForeign({ headers, requestContext }: UrlEvent): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin") return true;
  const origin = headers["origin"];
  return origin !== undefined && origin !== `https://${requestContext.domainName}`;
}
