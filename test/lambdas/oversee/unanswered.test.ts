import { describe, expect, it } from "vitest";
import { answersOf, unanswered } from "../../../lambdas/oversee/unanswered.ts";

const NOW = Date.parse("2026-01-08T10:30:00Z");
const minutesAgo = (minutes: number) => NOW - minutes * 60_000;
const alarm = (since: number, state = "ALARM") => ({ name: "shop-errors", state, since });
const run = (at: number) => ({ startedAt: new Date(at).toISOString() });

describe("an alarm that rang", () => {
  it.each([
    ["for long, and no run ever", alarm(minutesAgo(12)), [], 1],
    ["for long, and only a run before it", alarm(minutesAgo(12)), [run(minutesAgo(40))], 1],
    ["for long, answered by a run", alarm(minutesAgo(12)), [run(minutesAgo(12))], 0],
    ["for long, answered later", alarm(minutesAgo(12)), [run(minutesAgo(3))], 0],
    ["not for long", alarm(minutesAgo(8)), [], 0],
    ["and is quiet again", alarm(minutesAgo(12), "OK"), [], 0],
    ["and has no data by now", alarm(minutesAgo(12), "INSUFFICIENT_DATA"), [], 0],
  ])("%s", (_, given, runs, expected) => {
    expect(unanswered([given], runs, NOW, 10 * 60_000)).toHaveLength(expected);
  });
});

describe("an alarm that took a ramp back a step", () => {
  const at = (minutes: number) => new Date(minutesAgo(minutes)).toISOString();
  const allowed = 10 * 60_000;

  it.each([
    ["while the ramp is on", { state: "on", lastFiredAt: at(12), endedAt: undefined }, 0],
    ["for as long again once it is over", { state: "over", lastFiredAt: at(12), endedAt: at(8) }, 0],
    ["no longer after that", { state: "over", lastFiredAt: at(12), endedAt: at(11) }, 1],
    ["not when it was another, earlier one", { state: "on", lastFiredAt: at(60), endedAt: undefined }, 1],
    ["not when nothing fired", { state: "on", lastFiredAt: undefined, endedAt: undefined }, 1],
    ["not without a ramp", undefined, 1],
  ])("is answered %s", (_, ramp, expected) => {
    const answers = answersOf(ramp, NOW, allowed);

    expect(unanswered([alarm(minutesAgo(12))], answers, NOW, allowed)).toHaveLength(expected);
  });
});
