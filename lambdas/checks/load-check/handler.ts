import type * as z from "zod";
import { allowedAddress } from "../../runtime/address.ts";
import type { Context } from "../../runtime/context.ts";
import { ask, LIMITS, withToken } from "../../runtime/https.ts";
import type { Measurement } from "../../runtime/protocol.ts";
import { serveCheck } from "../../runtime/serve-check.ts";
import { figuresOf, misses, type Outcome, rounded } from "./load.ts";
import { loadCheck } from "./spec.ts";

type Input = z.output<typeof loadCheck.input>;
type Found = Omit<Measurement, "check" | "at">;

/** Milliseconds for the whole load: what is not answered by then is an error, so that the check itself always answers. */
const WHOLE = 45_000;

/** Sends all requests, `concurrency` at a time, each over a connection of its own. */
async function send(
  input: Input,
  address: string,
  headers: Record<string, string>,
  milliseconds: number,
): Promise<Outcome[]> {
  const end = AbortSignal.timeout(milliseconds);
  const right = [input.status].flat();
  const outcomes: Outcome[] = [];
  let left = input.requests;
  const one = async (): Promise<Outcome> => {
    const begun = performance.now();
    try {
      const { status, milliseconds } = await ask(
        { url: input.url, method: "GET" },
        address,
        headers,
        LIMITS,
        end,
      );
      return right.includes(status) ? { milliseconds } : { milliseconds, error: `status ${status}` };
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return {
        milliseconds: performance.now() - begun,
        error: end.aborted ? "no answer in time" : (code ?? message),
      };
    }
  };
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      outcomes.push(await one());
    }
  };
  await Promise.all(Array.from({ length: Math.min(input.concurrency, input.requests) }, worker));
  return outcomes;
}

const wants = (input: Input) =>
  [
    `≤ ${input.maxErrorPercent} % errors`,
    input.maxMeanMilliseconds === undefined ? "" : `mean ≤ ${input.maxMeanMilliseconds} ms`,
    input.maxP95Milliseconds === undefined ? "" : `p95 ≤ ${input.maxP95Milliseconds} ms`,
    input.maxP99Milliseconds === undefined ? "" : `p99 ≤ ${input.maxP99Milliseconds} ms`,
  ]
    .filter(Boolean)
    .join(", ");

export async function measure(input: Input, _context?: Context, milliseconds = WHOLE): Promise<Found> {
  const limit = wants(input);
  const line = `GET ${input.url}, ${input.requests} requests, ${input.concurrency} at a time`;
  const headers = await withToken({}, input.token);
  if (typeof headers === "string") return { verdict: "error", limit, evidence: [line, headers] };
  let target: Awaited<ReturnType<typeof allowedAddress>>;
  try {
    target = await allowedAddress(new URL(input.url).hostname, input.allowPrivate);
  } catch (error) {
    // A name that nobody answers for is a service that nobody reaches.
    return { verdict: "failed", value: "no answer", limit, evidence: [line, (error as Error).message] };
  }
  if ("refused" in target) return { verdict: "error", limit, evidence: [line, target.refused] };
  const outcomes = await send(input, target.address, headers, milliseconds);
  const figures = figuresOf(outcomes);
  const wrong = misses(input, figures);
  const errors = Map.groupBy(
    outcomes.flatMap(({ error }) => error ?? []),
    (error) => error,
  );
  return {
    verdict: wrong.length === 0 ? "passed" : "failed",
    value: `${rounded(figures.errorPercent)} % errors, mean ${rounded(figures.mean)} ms, p95 ${rounded(figures.p95)} ms`,
    limit,
    evidence: [
      line,
      `${figures.requests - figures.errors} right answers: mean ${rounded(figures.mean)}, p50 ${rounded(figures.p50)}, p95 ${rounded(figures.p95)}, p99 ${rounded(figures.p99)} ms`,
      ...[...errors].slice(0, 5).map(([error, all]) => `${all.length} × ${error}`),
      ...wrong.map((each) => `found ${each}`),
    ],
  };
}

export const handler = serveCheck(loadCheck, (input, context) => measure(input, context));
