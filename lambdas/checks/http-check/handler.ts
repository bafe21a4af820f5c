import { request } from "node:https";
import type * as z from "zod";
import type { Measurement } from "../../runtime/protocol.ts";
import { secretMembers } from "../../runtime/secret-value.ts";
import { serveCheck } from "../../runtime/serve-check.ts";
import { allowedAddress } from "./address.ts";
import { httpCheck } from "./spec.ts";

const MOST_BYTES = 1_000_000;
const LONGEST_MILLISECONDS = 15_000;

interface Answer {
  status: number;
  body: string;
  milliseconds: number;
}

type Input = z.output<typeof httpCheck.input>;
type Found = Omit<Measurement, "check" | "at">;

/** One request to one checked address. Redirects are not followed: the answer is what is judged. */
function ask(input: Input, address: string, headers: Record<string, string>): Promise<Answer> {
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
        signal: AbortSignal.timeout(LONGEST_MILLISECONDS),
        headers: {
          host: url.host,
          "user-agent": "rollback-watchdog",
          ...(typeof input.send === "object" ? { "content-type": "application/json" } : {}),
          ...headers,
        },
      },
      (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (part: string) => {
          body += part;
          if (body.length > MOST_BYTES)
            response.destroy(new Error(`the answer is longer than ${MOST_BYTES} bytes`));
        });
        response.on("error", reject);
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, body, milliseconds: performance.now() - begun }),
        );
      },
    );
    call.on("error", reject);
    call.end(sent);
  });
}

/** Every expectation with what was found instead; empty when all hold. Pure. */
export function misses(
  input: Pick<Input, "status" | "body" | "contains" | "json" | "maxMilliseconds">,
  { status, body, milliseconds }: Answer,
): string[] {
  const found: string[] = [];
  if (![input.status].flat().includes(status))
    found.push(`status ${status}, not ${[input.status].flat().join(" or ")}`);
  if (input.body !== undefined && body.trim() !== input.body.trim())
    found.push(`another body (${body.length} bytes)`);
  if (input.contains !== undefined && !body.includes(input.contains))
    found.push(`a body without "${input.contains}"`);
  if (input.json) {
    let parsed: Record<string, unknown> | undefined;
    try {
      parsed = JSON.parse(body) as Record<string, unknown>;
    } catch {
      found.push("a body that is no JSON");
    }
    for (const [key, value] of Object.entries(parsed ? input.json : {}))
      if (JSON.stringify(parsed![key]) !== JSON.stringify(value))
        found.push(`${key} = ${JSON.stringify(parsed![key] ?? null)}, not ${JSON.stringify(value)}`);
  }
  if (input.maxMilliseconds !== undefined && milliseconds > input.maxMilliseconds)
    found.push(`${Math.round(milliseconds)} ms, more than ${input.maxMilliseconds}`);
  return found;
}

const wants = (input: Input) =>
  [
    `status ${[input.status].flat().join(" or ")}`,
    input.body === undefined ? "" : `body "${input.body}"`,
    input.json ? JSON.stringify(input.json) : "",
    input.maxMilliseconds ? `≤ ${input.maxMilliseconds} ms` : "",
  ]
    .filter(Boolean)
    .join(", ");

export async function measure(input: Input): Promise<Found> {
  const limit = wants(input);
  const line = `${input.method} ${input.url}`;
  try {
    const target = await allowedAddress(new URL(input.url).hostname, input.allowPrivate);
    if ("refused" in target) return { verdict: "error", limit, evidence: [line, target.refused] };
    const headers = { ...input.headers };
    if (input.token) {
      const value = (await secretMembers(input.token.secret))[input.token.member];
      if (value === undefined)
        return {
          verdict: "error",
          limit,
          evidence: [line, `the secret ${input.token.secret} has no member ${input.token.member}`],
        };
      headers[input.token.header] = `${input.token.prefix}${value}`;
    }
    const answer = await ask(input, target.address, headers);
    const wrong = misses(input, answer);
    return {
      verdict: wrong.length === 0 ? "passed" : "failed",
      value: `${answer.status} in ${Math.round(answer.milliseconds)} ms`,
      limit,
      evidence: [line, ...wrong.map((each) => `found ${each}`)],
    };
  } catch (error) {
    // No answer is an answer: the service does not do what it must.
    return { verdict: "failed", value: "no answer", limit, evidence: [line, (error as Error).message] };
  }
}

export const handler = serveCheck(httpCheck, measure);
