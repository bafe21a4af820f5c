import { expect, it } from "vitest";
import { storm } from "../../bench/storm.ts";

it("a storm of duplicates, in both shapes and any order, starts exactly one run for each service", async () => {
  const { events, runs, named, joined, failed, mails } = await storm({ services: 5, events: 300, seed: 7 });

  expect(failed).toEqual([]);
  expect(events).toBe(300);
  expect(runs).toEqual([1, 1, 1, 1, 1]);
  expect(named).toBe(5);
  // The other alarm's transition, however often it came, is on the run's timeline.
  expect(joined).toBe(150);
  expect(mails).toBe(5);
}, 120_000);
