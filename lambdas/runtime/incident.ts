import type { AdmitEvent } from "./protocol.ts";

/** Failed runs within this time belong to one incident, milliseconds. */
export const INCIDENT = 3_600_000;

/** Why an incident's attempts are used up; undefined while they are not (invariant 11). Pure. */
export function attemptsUsedUp(
  runs: { startedAt: string; outcome: string | undefined }[],
  { attempts }: Pick<AdmitEvent["budget"], "attempts">,
  now: number,
): string | undefined {
  const failed = runs.filter(
    ({ outcome, startedAt }) => outcome === "failed" && now - Date.parse(startedAt) < INCIDENT,
  );
  return failed.length >= attempts
    ? `${failed.length} runs of this incident failed already; the plan allows ${attempts}`
    : undefined;
}
