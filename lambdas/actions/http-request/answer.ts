import { isDeepStrictEqual } from "node:util";
import { WatchdogError } from "../../runtime/errors.ts";
import type { Answer } from "../../runtime/https.ts";

/** What an answer must be. */
export interface Expected {
  status: number | number[];
  json?: Record<string, unknown> | undefined;
}

/** The members of a JSON object that are asked for; undefined for any other text. Pure, as is all here. */
export function membersOf(body: string, names: string[]): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== "object" || value === null) return undefined;
    const given = value as Record<string, unknown>;
    return Object.fromEntries(names.map((name) => [name, given[name] ?? null]));
  } catch {
    // No JSON: said by whoever expected it.
    return undefined;
  }
}

export const same = (left: unknown, right: unknown): boolean => isDeepStrictEqual(left, right);

/**
 * Refuses an answer that is not the one expected, under the name that says whether the same request may be sent again.
 * `harmless`: it may, whatever became of the first.
 */
export function judged(line: string, expected: Expected, { status, body }: Answer, harmless: boolean): void {
  const wanted = [expected.status].flat();
  if (wanted.includes(status)) {
    const names = Object.keys(expected.json ?? {});
    const found = names.length === 0 ? {} : membersOf(body, names);
    if (names.length === 0 || (found && names.every((name) => same(found[name], expected.json![name]))))
      return;
    throw new WatchdogError(
      "WorkFailed",
      `${line} answered ${status}, and ${found ? `its members ${JSON.stringify(found)} are` : "its body is"} not what the plan expects. What it did is unknown. Look at the service.`,
    );
  }
  if (status === 429) throw new WatchdogError("Throttled", `${line} answered 429. Nothing was done.`);
  if (status === 503)
    throw new WatchdogError("ServiceUnavailable", `${line} answered 503: it does not take requests now.`);
  if (status >= 500 && harmless)
    throw new WatchdogError("ServiceUnavailable", `${line} answered ${status}; it may be sent again.`);
  throw new WatchdogError(
    status >= 500 ? "WorkFailed" : "Refusal",
    status >= 500
      ? `${line} answered ${status}. It may or may not have been done, and was not sent again. Look at the service.`
      : `${line} answered ${status}, not ${wanted.join(" or ")}: the service refused it. Nothing was changed by this step. Correct the plan, or do it by hand.`,
  );
}

/** Errors after which nothing can have been sent. */
const UNSENT =
  /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|CERT_|UNABLE_TO_|SELF_SIGNED|ERR_TLS/;

/** What it means that no answer came. */
export function unanswered(line: string, error: Error & { code?: string }, harmless: boolean): WatchdogError {
  const unsent = UNSENT.test(error.code ?? "");
  return harmless || unsent
    ? new WatchdogError("ServiceUnavailable", `${line} got no answer: ${error.message}`, { cause: error })
    : new WatchdogError(
        "WorkFailed",
        `${line} got no answer (${error.message}). It may or may not have been done, and was not sent again. Look at the service.`,
        { cause: error },
      );
}
