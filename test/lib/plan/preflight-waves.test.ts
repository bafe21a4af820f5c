import { describe, expect, it } from "vitest";
import { loadPlanOrThrow } from "../../../lib/plan/load.ts";
import { preflightWaves } from "../../../lib/plan/preflight-waves.ts";

const stage = (id: string, value: unknown = 1, levels?: string[]) => ({
  name: id,
  steps: [{ id, action: "any", with: { deep: [{ value }] } }],
  checks: [],
  ...(levels ? { levels } : {}),
});
const waves = (...stages: ReturnType<typeof stage>[]) =>
  preflightWaves({ stages, levels: undefined } as unknown as Parameters<typeof preflightWaves>[0]);

describe("preflights", () => {
  it("of stages that need nothing of each other are one wave", () => {
    expect(waves(stage("a"), stage("b", "{% $run.id %}"), stage("c"))).toEqual([[0, 1, 2]]);
  });

  it.each([
    "$steps.b.id",
    "($of := $steps.b; $of.id)",
    "$lookup($steps, 'b')",
    "$map([1], function($i) { $steps.b.id })",
  ])("wait for the wave that they refer to by %s", (expression) => {
    expect(waves(stage("a"), stage("b"), stage("c", `{% ${expression} %}`), stage("d"))).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it("that refer to an earlier wave do not wait for the present one", () => {
    expect(waves(stage("a"), stage("b", "{% $steps.a.id %}"), stage("c", "{% $steps.a.id %}"))).toEqual([
      [0],
      [1, 2],
    ]);
  });

  it("of stages at other levels are waves of their own", () => {
    expect(
      waves(stage("a"), stage("b", 1, ["full"]), stage("c", 1, ["full"]), stage("d", 1, ["flag"])),
    ).toEqual([[0], [1, 2], [3]]);
  });

  it("of the lab wait once, for the restored database's address", () => {
    const plan = loadPlanOrThrow("plans/llm-research-lab.yaml");

    expect(preflightWaves(plan).map((wave) => wave.map((index) => plan.stages[index]!.name))).toEqual([
      ["back up", "fence", "restore data"],
      ["export later rows", "switch", "tighten alarms"],
    ]);
  });
});
