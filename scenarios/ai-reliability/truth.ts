import type pg from "pg";
import type { Expectation } from "../scenario.ts";
import { ACTIVE, USERS } from "./data.ts";
import type { Load } from "./load.ts";

/** Every user's counter and limit. */
export type Counters = Map<number, { used: number; limit: number }>;

export async function counters(client: pg.Client): Promise<Counters> {
  const { rows } = await client.query<{ id: number; used: string; most: string }>(
    `SELECT id, "requestsToday" AS used, "dailyRequestLimit" AS most FROM "User"`,
  );
  return new Map(rows.map(({ id, used, most }) => [id, { used: Number(used), limit: Number(most) }]));
}

/** Compares the counters with what they must be; `load` has stopped. */
export function compareCounters(
  seeded: Counters,
  damaged: Counters,
  now: Counters,
  load: Pick<Load, "answered" | "unknown">,
): Expectation[] {
  const ids = [...seeded.keys()];
  const wrong = ids.filter((id) => {
    const { used, limit } = damaged.get(id)!;
    return used < 0 || used > limit + 10;
  });
  const unfixed = wrong.filter((id) => {
    const { used, limit } = damaged.get(id)!;
    return now.get(id)?.used !== (used < 0 ? 0 : limit);
  });
  const others = ids.filter((id) => !wrong.includes(id));
  const asked = (id: number) => load.answered.get(id) ?? 0;
  const touched = others.filter((id) => {
    const least = seeded.get(id)!.used + asked(id);
    const used = now.get(id)?.used ?? Number.NaN;
    return !(used >= least && used <= least + (load.unknown.get(id) ?? 0));
  });
  const answered = others.reduce((sum, id) => sum + asked(id), 0);
  return [
    {
      text: "every wrong counter is right: below zero is zero, over the limit is the limit",
      held: wrong.length === USERS - ACTIVE && unfixed.length === 0,
      detail: `${wrong.length - unfixed.length} of ${wrong.length} wrong counters`,
    },
    {
      text: "every other counter is what its user's answered requests make it",
      held: answered > 0 && touched.length === 0,
      detail: `${others.length - touched.length} of ${others.length} users, ${answered} answered requests`,
    },
  ];
}
