import { runsSince } from "../runtime/history.ts";
import type { PastTime } from "../runtime/protocol.ts";

const LOOK_BACK = 90 * 86_400_000;

/** How long the rollbacks of the last 90 days took that ended well; dry runs and what was taken back do not count. */
export async function pastTime(table: string, service: string, now: number): Promise<PastTime> {
  return timeOf(await runsSince(table, service, now - LOOK_BACK));
}

type Row = Pick<Awaited<ReturnType<typeof runsSince>>[number], "startedAt" | "endedAt" | "ending">;

/** The median of those that rolled back. Pure. */
export function timeOf(runs: Row[]): PastTime {
  const took = runs
    .flatMap(({ startedAt, endedAt, ending }) =>
      endedAt !== undefined && ending === "rolled back"
        ? [(Date.parse(endedAt) - Date.parse(startedAt)) / 1000]
        : [],
    )
    .toSorted((left, right) => left - right);
  return { runs: took.length, medianSeconds: took[Math.floor(took.length / 2)] ?? null };
}
