import { runsSince } from "../runtime/history.ts";
import type { AdmitEvent } from "../runtime/protocol.ts";

/** Failed runs within this time belong to one incident. */
const INCIDENT = 3_600_000;

/** Why runs of late forbid a ramp to change anything; undefined when they do not. Rollbacks count, ramps do not. */
export async function forbidden(
  table: string,
  service: string,
  budget: AdmitEvent["budget"],
  now: number,
): Promise<string | undefined> {
  const runs = await runsSince(table, service, now - INCIDENT);
  const failed = runs.filter(({ outcome }) => outcome === "failed");
  return failed.length >= budget.attempts
    ? `${failed.length} runs of this incident failed already; the plan allows ${budget.attempts}`
    : undefined;
}
