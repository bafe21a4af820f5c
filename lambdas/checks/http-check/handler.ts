import { isDeepStrictEqual } from "node:util";
import type * as z from "zod";
import { allowedAddress } from "../../runtime/address.ts";
import type { Context } from "../../runtime/context.ts";
import { type Answer, ask, LIMITS, withToken } from "../../runtime/https.ts";
import type { Measurement } from "../../runtime/protocol.ts";
import { serveCheck } from "../../runtime/serve-check.ts";
import { httpCheck } from "./spec.ts";

type Input = z.output<typeof httpCheck.input>;
type Found = Omit<Measurement, "check" | "at">;

/** The members of a JSON object; undefined for any other text. */
function jsonObject(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // No JSON at all: said by whoever expected it.
  }
  return undefined;
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
    const members = jsonObject(body);
    if (!members) found.push("a body that is no JSON object");
    for (const [key, value] of Object.entries(members ? input.json : {}))
      if (!isDeepStrictEqual(members![key], value))
        found.push(`${key} = ${JSON.stringify(members![key]) ?? "nothing"}, not ${JSON.stringify(value)}`);
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

export async function measure(input: Input, _context?: Context, limits = LIMITS): Promise<Found> {
  const limit = wants(input);
  const line = `${input.method} ${input.url}`;
  const headers = await withToken(input.headers, input.token);
  if (typeof headers === "string") return { verdict: "error", limit, evidence: [line, headers] };
  try {
    const target = await allowedAddress(new URL(input.url).hostname, input.allowPrivate);
    if ("refused" in target) return { verdict: "error", limit, evidence: [line, target.refused] };
    const answer = await ask(input, target.address, headers, limits);
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

export const handler = serveCheck(httpCheck, (input) => measure(input));
