import { verbs as lastGood } from "../lambdas/actions/rds-last-good/handler.ts";
import { verbs as pitr } from "../lambdas/actions/rds-pitr/handler.ts";
import { instanceNamed } from "../sandbox/services/rds/state.ts";
import { until } from "../scenarios/until.ts";
import {
  type DatabaseWorld,
  databaseWorld,
  INSTANCE,
  SECRET,
  stepOf,
} from "../test/lambdas/actions/database-world.ts";
import { type BenchResult, median } from "./result.ts";

const REPETITIONS = 3;
/** Seconds between the moment known to be good and the one known to be bad. */
const WINDOW = 64;
const SECOND = 1_000;
/** Rows of the database that is restored: some 30 MB. */
const ROWS = 200_000;

/** The search for the last good second against one plain restore of the same database, both through their steps. */
export async function lastGoodBench(): Promise<BenchResult[]> {
  const here = await databaseWorld({ retentionDays: 1 });
  try {
    const moments = await damaged(here);
    const [ours, plain, instances]: number[][] = [[], [], []];
    for (let each = 0; each < REPETITIONS; each += 1) {
      plain!.push(
        await timed(() =>
          onClock(here, stepOf("rds-pitr", pitr, { instance: INSTANCE, to: iso(moments.good) })).apply(),
        ),
      );
      const step = onClock(
        here,
        stepOf("rds-last-good", lastGood, {
          instance: INSTANCE,
          database: "lab",
          secret: SECRET,
          integrity: "SELECT NOT EXISTS (SELECT FROM orders WHERE total < 0)",
          knownGood: iso(moments.good),
          knownBad: iso(moments.good + WINDOW * SECOND),
        }),
      );
      ours!.push(
        await timed(async () => {
          const { outputs } = await step.apply();
          const { restoreTime, candidates } = outputs as { restoreTime: string; candidates: string[] };
          const found = Date.parse(restoreTime);
          if (found > moments.damaged || found + SECOND < moments.damaged - SECOND)
            throw new Error(`the damage came at ${iso(moments.damaged)}, and ${restoreTime} was found`);
          instances!.push(candidates.length + 1);
        }),
      );
    }
    const [a, b, used, bar] = [median(ours!), median(plain!), Math.max(...instances!), Math.log2(WINDOW) + 2];
    return [
      {
        name: `last-good in a window of ${WINDOW} s: instances / bound`,
        a: used,
        b: bar,
        ratio: used / bar,
        bar: 1,
        holds: used <= bar,
        note: "bound: log2(window / 1 s) + 2; the restored one counts too",
      },
      {
        name: "last-good / one plain restore",
        a,
        b,
        ratio: a / b,
        bar,
        holds: a / b <= bar,
        unit: "ms",
        note: `${used} restores one after another, each asked; the bound is as many plain ones`,
      },
    ];
  } finally {
    await here.close();
  }
}

const iso = (at: number) => new Date(at).toISOString();

/** A database that goes bad within the window; when that was, and that all of the window can be restored. */
async function damaged({ query, test }: DatabaseWorld): Promise<{ good: number; damaged: number }> {
  const { clock } = test.world;
  await query(
    `CREATE TABLE orders (id int PRIMARY KEY, total int NOT NULL, note text); INSERT INTO orders SELECT i, 1, md5(i::text) || md5(i::text || 'a') FROM generate_series(1, ${ROWS}) i`,
  );
  await clock.sleep(3 * SECOND);
  const good = Math.ceil(clock.now() / SECOND) * SECOND;
  const end = good + WINDOW * SECOND;
  let at = 0;
  for (let id = ROWS + 1; clock.now() < end; id += 1) {
    await clock.sleep(2 * SECOND);
    await query(`INSERT INTO orders VALUES (${id}, 1, '')`);
    if (at > 0 || clock.now() < good + (WINDOW * SECOND) / 3) continue;
    const [row] = await query<{ at: number }>(
      "UPDATE orders SET total = -1 WHERE id = 2 RETURNING extract(epoch FROM clock_timestamp())::float8 * 1000 AS at",
    );
    at = clock.fromMachine(row!.at);
  }
  await until(
    "the window to be restorable",
    async () => (instanceNamed(test.world, INSTANCE).restorableUntil ?? 0) > end,
  );
  return { good, damaged: at };
}

/** A step on the sandbox's clock. */
function onClock<Step extends ReturnType<typeof stepOf>>({ test }: DatabaseWorld, step: Step): Step {
  const { clock } = test.world;
  Object.assign(step.context, {
    now: () => clock.now(),
    sleep: (milliseconds: number) => clock.sleep(milliseconds),
  });
  return step;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
