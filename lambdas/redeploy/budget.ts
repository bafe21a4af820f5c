import { runsSince } from "../runtime/history.ts";
import { attemptsUsedUp, INCIDENT } from "../runtime/incident.ts";
import type { AdmitEvent } from "../runtime/protocol.ts";

/** Why runs of late forbid a ramp to change anything; undefined when they do not. Rollbacks count, ramps do not. */
export const forbidden = async (
  table: string,
  service: string,
  budget: AdmitEvent["budget"],
  now: number,
): Promise<string | undefined> =>
  attemptsUsedUp(await runsSince(table, service, now - INCIDENT), budget, now);
