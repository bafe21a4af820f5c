import { isDeepStrictEqual } from "node:util";
import type * as z from "zod";
import { allowedAddress } from "../../runtime/address.ts";
import type { Measurement } from "../../runtime/protocol.ts";
import { secretMembers } from "../../runtime/secret-value.ts";
import { serveCheck } from "../../runtime/serve-check.ts";
import { converse } from "./converse.ts";
import { websocketCheck } from "./spec.ts";

type Input = z.output<typeof websocketCheck.input>;
type Found = Omit<Measurement, "check" | "at">;

const textOf = (send: Input["send"]) =>
  send === undefined ? undefined : typeof send === "string" ? send : JSON.stringify(send);

/** The members of a JSON object; undefined for any other text. */
function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // No JSON at all: said by whoever expected it.
  }
  return undefined;
}

/** Every expectation that one message does not meet; empty when it is the answer. Pure. */
export function misses(
  { send, echo, contains, json }: Pick<Input, "send" | "echo" | "contains" | "json">,
  message: string,
): string[] {
  const found: string[] = [];
  if (echo && message !== textOf(send)) found.push("another text than was sent");
  if (contains !== undefined && !message.includes(contains)) found.push(`no "${contains}" in it`);
  if (json) {
    const members = jsonObject(message);
    if (!members) found.push("no JSON object");
    for (const [key, value] of Object.entries(members ? json : {}))
      if (!isDeepStrictEqual(members![key], value))
        found.push(`${key} = ${JSON.stringify(members![key]) ?? "nothing"}, not ${JSON.stringify(value)}`);
  }
  return found;
}

const expectsAnswer = ({ echo, contains, json }: Input) =>
  echo || contains !== undefined || json !== undefined;

const wants = (input: Input) =>
  [
    "opens",
    input.echo ? "echoes" : "",
    input.contains === undefined ? "" : `answers "${input.contains}"`,
    input.json ? `answers ${JSON.stringify(input.json)}` : "",
    `≤ ${input.withinMilliseconds} ms`,
  ]
    .filter(Boolean)
    .join(", ");

/** A secret that cannot be read is no word about the service: it is thrown, and counts as `error`. */
async function headersOf({ headers, token }: Input): Promise<Record<string, string> | string> {
  if (!token) return headers;
  const value = (await secretMembers(token.secret))[token.member];
  if (value === undefined) return `the secret ${token.secret} has no member ${token.member}`;
  return { ...headers, [token.header]: `${token.prefix}${value}` };
}

export async function measure(input: Input): Promise<Found> {
  const limit = wants(input);
  const line = `WebSocket ${input.url}`;
  if (input.echo && input.send === undefined)
    return { verdict: "error", limit, evidence: [line, "an echo is expected, and nothing to send is given"] };
  const headers = await headersOf(input);
  if (typeof headers === "string") return { verdict: "error", limit, evidence: [line, headers] };
  try {
    // Node's client looks the name up once more; nothing pins it to the address judged here.
    const target = await allowedAddress(new URL(input.url).hostname, input.allowPrivate);
    if ("refused" in target) return { verdict: "error", limit, evidence: [line, target.refused] };
  } catch (error) {
    return { verdict: "failed", value: "no such host", limit, evidence: [line, (error as Error).message] };
  }
  const had = await converse({
    url: input.url,
    protocols: input.protocols,
    headers,
    milliseconds: input.withinMilliseconds,
    send: textOf(input.send),
    isAnswer: expectsAnswer(input) ? (message) => misses(input, message).length === 0 : undefined,
  });
  const last = had.messages.at(-1);
  return {
    verdict: had.ended === "answered" ? "passed" : "failed",
    value: had.opened ? `${had.ended} after ${Math.round(had.milliseconds)} ms` : "not opened",
    limit,
    evidence: [
      line,
      ...(had.ended === "answered" ? [] : [had.why]),
      ...(had.ended === "answered" || last === undefined
        ? []
        : misses(input, last).map((each) => `the last of ${had.messages.length} messages has ${each}`)),
    ],
  };
}

export const handler = serveCheck(websocketCheck, (input) => measure(input));
