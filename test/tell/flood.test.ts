import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exampleEvent } from "../../lambdas/messages/example.ts";
import type { AnnounceEvent } from "../../lambdas/runtime/protocol.ts";
import { tellOf } from "../../lib/plan/audiences.ts";
import { until } from "../../scenarios/until.ts";
import { type TellBench, tellBench } from "./bench.ts";

let bench: TellBench;

beforeAll(async () => {
  // At the machine's own speed: the whole storm falls into one minute.
  bench = await tellBench(
    (plan) => {
      plan["notify"] = { email: ["engineers@shop.example"], mostPerMinute: 4 };
      delete plan["escalation"];
    },
    { speed: 1 },
  );
}, 120_000);
afterAll(() => bench?.close());

/** A notice that nothing was changed, of a run of its own, for one of many criteria. */
function notice(number: number): AnnounceEvent {
  const example = exampleEvent(bench.plan.service, "notice");
  return {
    ...example,
    run: { ...example.run, id: `run-${number}` },
    decision: { ...example.decision!, rule: `criterion-${number}` },
    tell: tellOf(bench.plan, "notice"),
  };
}

/** How many notices were folded so far, as the function answered. */
let folded = 0;
async function announce(event: AnnounceEvent): Promise<void> {
  const { sent, note = "" } = await bench.announce(event);
  expect(sent).toBe(true);
  if (note.includes("folded")) folded += 1;
}
/** How many notices the mails list as not mailed one by one. */
const listed = () =>
  bench
    .mails()
    .map(({ text }) => Number(/since the last mail \((\d+)\)/.exec(text)?.[1] ?? 0))
    .reduce((sum, count) => sum + count, 0);

describe("a flood of notices", () => {
  it("that say the same again and again is one mail", async () => {
    const example = exampleEvent(bench.plan.service, "notice");
    for (let number = 0; number < 8; number += 1)
      await announce({
        ...example,
        moment: "refused",
        run: { ...example.run, id: `refused-${number}` },
        admission: { outcome: "exhausted", reason: "2 runs failed" },
        tell: tellOf(bench.plan, "notice"),
      });

    await until("the first refusal's mail", () => bench.mails().length > 0);
    expect(folded).toBe(7);
    expect(bench.mails().map(({ subject }) => subject)).toEqual([expect.stringContaining("REFUSED")]);
  });

  it("all at once becomes a few mails, none is lost, and the outcome comes through with what was folded", async () => {
    const storm = 24;
    await Promise.all(Array.from({ length: storm }, (_, number) => announce(notice(number))));
    const failed = exampleEvent(bench.plan.service, "failed");
    await announce({ ...failed, tell: tellOf(bench.plan, "failed") });

    await until("the outcome", () => bench.mails().some(({ subject }) => subject.includes("FAILED")));
    await until("every mail that got through", () => bench.mails().length === 8 + storm + 1 - folded);
    expect(bench.mails().length).toBeLessThanOrEqual(2 * 4);
    expect(folded).toBeGreaterThan(storm - 4);
    expect(listed()).toBe(folded);
  }, 60_000);
});
