import type { QueryConfig } from "pg";
import type * as z from "zod";
import { withDatabase } from "../../runtime/postgres.ts";
import type { Measurement } from "../../runtime/protocol.ts";
import { secretMembers } from "../../runtime/secret-value.ts";
import { serveCheck } from "../../runtime/serve-check.ts";
import { sqlCheck } from "./spec.ts";

/** What is a number without a guess: `""`, null, false and a date are none. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === "number" || typeof value === "bigint") return Number(value);
  if (typeof value === "string" && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value))
    return Number(value);
  return undefined;
}

/** Whether a value is as expected; numbers are compared as numbers where both are. Pure. */
export function fits(value: unknown, expect: string): boolean {
  const [, operator = "=", wanted = ""] = /^(>=|<=|>|<|=)\s*(.*)$/.exec(expect) ?? [];
  const [left, right] = [numberOf(value), numberOf(wanted)];
  if (operator === "=")
    return String(value) === wanted || (left !== undefined && right !== undefined && left === right);
  if (left === undefined || right === undefined) return false;
  return operator === ">"
    ? left > right
    : operator === ">="
      ? left >= right
      : operator === "<"
        ? left < right
        : left <= right;
}

export async function measure(
  input: z.output<typeof sqlCheck.input>,
): Promise<Omit<Measurement, "check" | "at">> {
  const evidence = [`${input.database} at ${input.host}:${input.port}`, input.query];
  const { username = "", password = "" } = await secretMembers(input.secret, input.version);
  const login = {
    host: input.host,
    port: input.port,
    database: input.database,
    user: username,
    password,
    statementMilliseconds: input.timeoutSeconds * 1000,
    statements: "plan",
  } as const;
  let rows: Record<string, unknown>[];
  try {
    rows = await withDatabase(login, async (client) => {
      await client.query("BEGIN TRANSACTION READ ONLY");
      // One statement only: in the simple protocol "COMMIT; DELETE …" would leave the read-only transaction.
      const result = await client.query({ text: input.query, queryMode: "extended" } as QueryConfig);
      await client.query("ROLLBACK");
      return result.rows as Record<string, unknown>[];
    });
  } catch (error) {
    // A login that is refused or a query that fails says something about the database: it did not pass.
    return {
      verdict: "failed",
      value: "no answer",
      limit: input.expect,
      evidence: [...evidence, (error as Error).message],
    };
  }
  const first = rows[0] && Object.values(rows[0])[0];
  if (first === undefined)
    return { verdict: "inconclusive", limit: input.expect, evidence: [...evidence, "the query gave no row"] };
  return {
    verdict: fits(first, input.expect) ? "passed" : "failed",
    value: String(first),
    limit: input.expect,
    evidence,
  };
}

export const handler = serveCheck(sqlCheck, measure);
