import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { workflowMermaid, workflowSvg } from "../../../lib/workflow/picture.ts";
import { anyPlan, smallPlan } from "./plans.ts";

describe("the picture of a workflow", () => {
  it("shows the plan's own words in the order in which they run, and where a failure leads", () => {
    const text = workflowMermaid(smallPlan());
    const order = [
      "Admit",
      "Decide",
      "Preflight",
      "restore data",
      "Check: restore data",
      "switch",
      "Verify",
      "Watch 5m",
      "Rolled back",
    ];

    const places = order.map((each) => text.indexOf(`<b>${each}`));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual(places.toSorted((left, right) => left - right));
    expect(text).toContain("stage0 -. fails .-> revert0");
    expect(text).toContain("verify -. fails .-> revert1");
    expect(text).toContain("revert1 --> revert0");
  });

  it("of a plan on hold leads from a failure to the report", () => {
    const text = workflowMermaid(smallPlan((plan) => Object.assign(plan, { onFailure: "hold" })));

    expect(text).not.toMatch(/revert/i);
    expect(text).toContain("stage0 -. fails .-> failed");
  });

  it("lets no text of the plan out of its place", () => {
    const plan = smallPlan((each) => Object.assign(each.stages[0]!, { name: '"]<script>&' }));

    expect(workflowSvg(plan)).not.toContain("<script>");
    expect(workflowMermaid(plan)).not.toContain('"]<script>');
  });

  it("has every arrow end at a box that is drawn", () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        const text = workflowMermaid(plan);
        const drawn = new Set([...text.matchAll(/^ {2}(\w+)\[/gm)].map((match) => match[1]));
        for (const [, from, to] of text.matchAll(/^ {2}(\w+) -.*> (\w+)$/gm)) {
          expect(drawn.has(from)).toBe(true);
          expect(drawn.has(to)).toBe(true);
        }
        expect(workflowSvg(plan).match(/NaN|undefined/)).toBeNull();
      }),
      { numRuns: 50 },
    );
  });
});
