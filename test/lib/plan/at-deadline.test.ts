import { describe, expect, it } from "vitest";
import { atDeadline, dataSteps, setsAside } from "../../../lib/plan/at-deadline.ts";
import { type PlanInput, smallPlan } from "../workflow/plans.ts";
import { registries } from "../workflow/registries.ts";

/** `make` creates, `point` switches; data is only touched at `full`. */
const leveled = (change: (plan: PlanInput) => void = () => undefined) =>
  smallPlan((plan) => {
    plan.stages[0]!.levels = ["full"];
    plan.approval = { approvers: ["a@shop.example"] };
    change(plan);
  });

describe("what follows when nobody answers", () => {
  it("is to go on where only names and pointers move", () => {
    expect(atDeadline(leveled(), "config", registries)).toMatchObject({ action: "rollback" });
  });

  it("is to hold where data is touched, and says by which step", () => {
    expect(atDeadline(leveled(), "full", registries)).toEqual({
      action: "hold",
      because: "data is touched by restore",
    });
  });

  it("counts what a run that climbs may come to", () => {
    const plan = leveled((each) => {
      each.levels = [
        { name: "config", within: "3m" },
        { name: "full", within: "15m" },
      ];
    });

    expect(atDeadline(plan, "config", registries).action).toBe("hold");
  });

  it("is to hold where a step cannot be undone, or is of a kind that nobody knows", () => {
    const final = {
      ...registries,
      actions: { ...registries.actions, point: { ...registries.actions["point"]!, revertible: false } },
    };
    const unknown = { ...registries, actions: { make: registries.actions["make"]! } };

    expect(atDeadline(leveled(), "config", final).because).toBe("key, db-address cannot be undone");
    expect(atDeadline(leveled(), "config", unknown).action).toBe("hold");
  });

  it("is what the plan says, whatever the risk", () => {
    const plan = leveled((each) => {
      each.approval!.atDeadline = "rollback";
    });

    expect(atDeadline(plan, "full", registries)).toEqual({ action: "rollback", because: "the plan says so" });
  });

  it("knows the steps that touch data", () => {
    const fenced = {
      ...registries,
      actions: {
        ...registries.actions,
        point: { ...registries.actions["point"]!, effect: "fences" as const },
      },
    };

    expect(dataSteps(leveled().stages, registries).map(({ id }) => id)).toEqual(["restore"]);
    expect(dataSteps(leveled().stages, fenced).map(({ id }) => id)).toEqual(["restore", "key", "db-address"]);
    expect(setsAside(leveled().stages, fenced).map(({ id }) => id)).toEqual(["restore"]);
  });
});
