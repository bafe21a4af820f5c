import { describe, expect, it } from "vitest";
import { machinePace, paceLine, speedFor } from "../../../bin/drill/pace.ts";

describe("a drill's clock", () => {
  it.each([
    [1, 60],
    [100, 60],
    [156, 60],
    [188, 49],
    [500, 18],
    [937.5, 10],
    [60_000, 10],
  ])("where a process starts in %s ms runs %s times as fast as the machine's", (start, speed) => {
    expect(speedFor(start)).toBe(speed);
  });

  it("leaves what a run does before its first mail half of the five minutes that it has", () => {
    for (const start of [120, 200, 400, 900]) {
      const sandboxSeconds = (16 * start * speedFor(start)) / 1000;
      expect(sandboxSeconds).toBeGreaterThan(90);
      expect(sandboxSeconds).toBeLessThanOrEqual(150);
    }
  });

  it("is measured by starting processes, and said with what was measured; one that was asked for is just said", async () => {
    const pace = await machinePace();

    expect(pace.startMilliseconds).toBeGreaterThan(20);
    expect(pace.speed).toBe(speedFor(pace.startMilliseconds));
    expect(paceLine(42, { speed: 42, startMilliseconds: 223 })).toBe(
      "One second here is 42 seconds of the drill's clock, as many as this machine can hold: a function's process starts in 0.22 s.",
    );
    expect(paceLine(30, undefined)).toBe("One second here is 30 seconds of the drill's clock.");
  });
});
