import { describe, expect, it } from "vitest";
import { type Attempt, allLines, drillAll } from "../../../bin/drill/all.ts";

const figure = (name: string, seconds: number | undefined, objective: number | undefined) => ({
  name,
  seconds,
  objective,
  meaning: "",
});
const result = (plan: string, more: Partial<Attempt> = {}) => ({
  plan,
  held: true,
  figures: [
    figure("detection", 125, 180),
    figure("decision", 30, 120),
    figure("restore", undefined, undefined),
    figure("verified", 700, 900),
  ],
  expectations: [
    { text: "a", held: true, detail: "", lost: 0 },
    { text: "b", held: true, detail: "" },
  ],
  runs: 1,
  watched: { passed: 30, of: 30 },
  folder: "drills/x",
  ...more,
});

describe("the table of all drills", () => {
  it("has what was measured, of what the runbook allows, and rows lost and runs", () => {
    const [titles, row] = allLines([result("llm-hub")]);

    expect(titles!.split(/ {3,}/)).toEqual([
      "plan",
      "detected",
      "decided",
      "restored",
      "verified",
      "watched",
      "rows lost",
      "runs",
    ]);
    expect(row!.split(/ {3,}/)).toEqual([
      "llm-hub",
      "2:05 of 3:00",
      "0:30 of 2:00",
      "-",
      "11:40 of 15:00",
      "30 of 30",
      "0",
      "1",
      "held",
    ]);
  });

  it("shows an objective that was missed, one that was never reached, and rows that are lost", () => {
    const figures = [figure("detection", 300, 180), figure("verified", undefined, 900)];
    const expectations = [
      { text: "a", held: false, detail: "", lost: 2 },
      { text: "b", held: false, detail: "", lost: 3 },
    ];
    const line = allLines([result("bad", { figures, expectations, held: false })])[1]!;

    expect(line).toContain("5:00 of 3:00 MISSED");
    expect(line).toContain("not reached");
    expect(line.split(/ {3,}/).slice(-3)).toEqual(["5", "1", "DID NOT HOLD"]);
  });

  it("does not say that nothing was lost where nobody counted", () => {
    expect(
      allLines([result("x", { expectations: [] })])[1]!
        .split(/ {3,}/)
        .at(-3),
    ).toBe("-");
  });

  it("goes on after a drill that could not be carried out, and says why", async () => {
    const one = async (plan: string) => {
      if (plan === "broken") throw new Error("Waited 60 s for the service, in vain\nat somewhere");
      return result(plan);
    };
    const attempts = await drillAll(["broken", "llm-hub"], one, new AbortController().signal);

    expect(allLines(attempts)[1]).toMatch(/^broken .* NOT DRILLED: Waited 60 s for the service, in vain$/);
    expect(allLines(attempts)[2]).toMatch(/held$/);
  });

  it("stops at Ctrl-C instead of beginning the next one", async () => {
    const stop = new AbortController();
    const begun: string[] = [];
    const one = async (plan: string) => {
      begun.push(plan);
      stop.abort();
      throw new Error("stopped");
    };

    await expect(drillAll(["a", "b"], one, stop.signal)).rejects.toThrow("stopped");
    expect(begun).toEqual(["a"]);
  });
});
