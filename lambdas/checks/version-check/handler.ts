import type * as z from "zod";
import { allowedAddress } from "../../runtime/address.ts";
import { ask, LIMITS, withToken } from "../../runtime/https.ts";
import type { Measurement, RunContext } from "../../runtime/protocol.ts";
import { serveCheck } from "../../runtime/serve-check.ts";
import { versionCheck } from "./spec.ts";

type Input = z.output<typeof versionCheck.input>;
type Found = Omit<Measurement, "check" | "at">;

/** The version in an answer: text or a number, never an object and never nothing. Pure. */
export function versionIn(body: string, member: string | undefined): string | undefined {
  if (member === undefined) return body.trim() || undefined;
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    // No JSON, so it has no such member; the check says what it found instead.
    return undefined;
  }
  for (const key of member.split("."))
    value =
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? (value as Record<string, unknown>)[key]
        : undefined;
  return typeof value === "string" || typeof value === "number"
    ? String(value).trim() || undefined
    : undefined;
}

export async function measure(
  input: Input,
  { run }: { run: Pick<RunContext, "lastGood" | "deployment"> },
): Promise<Found> {
  const line = `GET ${input.url}`;
  const wanted = input.version === "last-good" ? run.lastGood?.version : input.version;
  if (wanted === undefined)
    return {
      verdict: "inconclusive",
      limit: "the last good version",
      evidence: [line, "no version whose watch completed is on record: name one in the plan"],
    };
  const found = (
    verdict: Measurement["verdict"],
    value: string | undefined,
    ...evidence: string[]
  ): Found => ({
    verdict,
    ...(value === undefined ? {} : { value }),
    limit: wanted,
    evidence: [line, ...evidence],
  });
  const headers = await withToken({}, input.token);
  if (typeof headers === "string") return found("error", undefined, headers);
  try {
    const target = await allowedAddress(new URL(input.url).hostname, input.allowPrivate);
    if ("refused" in target) return found("error", undefined, target.refused);
    const { status, body } = await ask({ url: input.url, method: "GET" }, target.address, headers, LIMITS);
    if (status !== 200) return found("failed", `status ${status}`, `found status ${status}, not 200`);
    const version = versionIn(body, input.member);
    if (version === undefined)
      return found("failed", "no version", `found no version${input.member ? ` at ${input.member}` : ""}`);
    if (version === wanted) return found("passed", version);
    const bad = run.deployment?.version === version ? ", the version that the run rolls back from" : "";
    return found("failed", version.slice(0, 100), `found ${version.slice(0, 100)}${bad}`);
  } catch (error) {
    // No answer is an answer: the service does not do what it must.
    return found("failed", "no answer", (error as Error).message);
  }
}

export const handler = serveCheck(versionCheck, measure);
