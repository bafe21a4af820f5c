import { describe, expect, it } from "vitest";
import { loadPlanOrThrow } from "../../../lib/plan/load.ts";
import { practisedOf } from "../../../lib/plan/practice.ts";
import { registries as builtIn } from "../../../lib/plan/registries.ts";
import { Practice, scheduleOf } from "../../../lib/plan/schema/practice.ts";
import { changed, GOOD, registries } from "./support.ts";

const practised = (text: string) => {
  const { stages, made } = practisedOf(loadPlanOrThrow({ file: "shop.yaml", text }, registries), registries);
  return {
    steps: stages.flatMap(({ steps }) => steps.map(({ id }) => id)),
    checks: stages.flatMap(({ checks }) => checks.map(({ id }) => id)),
    made,
  };
};

describe("what of a plan is practised", () => {
  it("is what restores and what looks at that, and nothing that switches, fences or backs up", () => {
    expect(practised(GOOD)).toEqual({
      steps: ["restored-db"],
      checks: ["rows"],
      made: [{ step: "restored-db", type: "rds-instance", base: "shop-db" }],
    });
  });

  it("is also a check of the verification that looks at the copy, once", () => {
    const check = '{ id: again, check: ask, with: { host: "{% $steps.`restored-db`.endpoint.address %}" } }';

    expect(practised(changed("{ id: health, check: ask }", check)).checks).toEqual(["rows", "again"]);
  });

  it("is no check that looks at the live database, whatever of the copy it uses", () => {
    const live = changed(
      "{ id: health, check: ask }",
      '{ id: live, check: ask, with: { host: shop-db.internal, port: "{% $steps.`restored-db`.endpoint.port %}" } }',
    );

    expect(practised(live).checks).toEqual(["rows"]);
  });

  it("of the research lab is its point-in-time restore with both checks of the copy", () => {
    const { stages } = practisedOf(loadPlanOrThrow("plans/llm-research-lab.yaml"), builtIn);

    expect(stages.map(({ name }) => name)).toEqual(["restore data"]);
    expect(stages[0]!.steps.map(({ action }) => action)).toEqual(["rds-pitr"]);
    expect(stages[0]!.checks.map(({ id }) => id)).toEqual(["restored-rows", "restored-login"]);
  });
});

describe("when it is practised", () => {
  it("is monthly unless the plan says otherwise, and never by itself where it says off", () => {
    expect(scheduleOf(Practice.parse({}))).toBe("cron(0 9 ? * 3#1 *)");
    expect(scheduleOf(Practice.parse({ every: "weekly" }))).toBe("cron(0 9 ? * 3 *)");
    expect(scheduleOf(Practice.parse({ every: "rate(30 days)" }))).toBe("rate(30 days)");
    expect(scheduleOf(Practice.parse({ every: "off" }))).toBeUndefined();
  });

  it.each([{ every: "fortnightly" }, { timezone: "Middle/Earth" }, { within: "2d" }])(
    "refuses %j",
    (given) => {
      expect(Practice.safeParse(given).success).toBe(false);
    },
  );
});
