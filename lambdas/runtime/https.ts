import { request } from "node:https";
import { secretMembers } from "./secret-value.ts";

/** What one answer may take at the most. */
export const LIMITS = { bytes: 1_000_000, milliseconds: 15_000 };

/** An answer as a check judges it. */
export interface Answer {
  status: number;
  body: string;
  /** From the request to the last byte. */
  milliseconds: number;
}

/** What is asked, once the address was checked. */
export interface Asked {
  url: string;
  method: string;
  /** An object is sent as JSON. */
  send?: string | Record<string, unknown> | undefined;
}

/** One request to one checked address. Redirects are not followed: the answer is what is judged. */
export function ask(
  input: Asked,
  address: string,
  headers: Record<string, string>,
  limits: typeof LIMITS,
  signal?: AbortSignal,
): Promise<Answer> {
  const url = new URL(input.url);
  const sent =
    input.send === undefined
      ? undefined
      : typeof input.send === "string"
        ? input.send
        : JSON.stringify(input.send);
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: address,
        servername: url.hostname,
        port: url.port || 443,
        path: `${url.pathname}${url.search}`,
        method: input.method,
        signal: AbortSignal.any([AbortSignal.timeout(limits.milliseconds), ...(signal ? [signal] : [])]),
        headers: {
          host: url.host,
          "user-agent": "rollback-watchdog",
          ...(typeof input.send === "object" ? { "content-type": "application/json" } : {}),
          ...headers,
        },
      },
      (response) => {
        const parts: Buffer[] = [];
        let bytes = 0;
        response.on("data", (part: Buffer) => {
          parts.push(part);
          bytes += part.length;
          if (bytes > limits.bytes)
            response.destroy(new Error(`the answer is longer than ${limits.bytes} bytes`));
        });
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(parts).toString(),
            milliseconds: performance.now() - begun,
          }),
        );
      },
    );
    call.on("error", reject);
    call.end(sent);
  });
}

/** Where a token lies, and the header that carries it. */
export interface TokenPlace {
  secret: string;
  member: string;
  header: string;
  prefix: string;
}

/**
 * Headers with the token of a secret. Text instead: the secret has no such member. A secret that cannot be read is no
 * word about the service: it is thrown, and counts as `error`.
 */
export async function withToken(
  headers: Record<string, string>,
  token: TokenPlace | undefined,
): Promise<Record<string, string> | string> {
  if (!token) return headers;
  const value = (await secretMembers(token.secret))[token.member];
  if (value === undefined) return `the secret ${token.secret} has no member ${token.member}`;
  return { ...headers, [token.header]: `${token.prefix}${value}` };
}
