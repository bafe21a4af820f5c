import { describe, expect, it } from "vitest";
import { progressOf, serving } from "../../../../sandbox/services/appconfig/progress.ts";
import type { Deployment, Strategy } from "../../../../sandbox/services/appconfig/state.ts";

const MINUTE = 60_000;
const strategy = (type: "LINEAR" | "EXPONENTIAL", factor: number): Strategy => ({
  Id: "s",
  Name: "s",
  DeploymentDurationInMinutes: 20,
  FinalBakeTimeInMinutes: 10,
  GrowthFactor: factor,
  GrowthType: type,
  ReplicateTo: "NONE",
});
const deployment = (own: Partial<Deployment> = {}): Deployment => ({
  number: 1,
  profileId: "flags",
  version: 1,
  strategy: strategy("LINEAR", 25),
  description: undefined,
  tags: undefined,
  startedAt: 0,
  stoppedAt: undefined,
  revertedAt: undefined,
  ...own,
});
const at = (minutes: number, own?: Partial<Deployment>) => {
  const { state, percentage } = progressOf(deployment(own), minutes * MINUTE);
  return [state, percentage];
};

describe("a deployment's progress", () => {
  it("is linear in even steps, then bakes, then is complete", () => {
    expect([at(0), at(5), at(19), at(20), at(30)]).toEqual([
      ["DEPLOYING", 0],
      ["DEPLOYING", 25],
      ["DEPLOYING", 75],
      ["BAKING", 100],
      ["COMPLETE", 100],
    ]);
  });

  it("is exponential where the strategy says so", () => {
    const own = { strategy: strategy("EXPONENTIAL", 10) };

    expect([4, 8, 12, 16, 20].map((minutes) => at(minutes, own)[1])).toEqual([10, 20, 40, 80, 100]);
  });

  it("clients have the old and the new version while it goes on, and the old one again when it was stopped", () => {
    const first = deployment({ startedAt: -60 * MINUTE });
    const second = (own: Partial<Deployment>) => deployment({ number: 2, version: 2, ...own });
    const served = (own: Partial<Deployment>) => serving([first, second(own)], "flags", 10 * MINUTE);

    expect(served({})).toEqual([
      { version: 2, percentage: 50 },
      { version: 1, percentage: 100 },
    ]);
    expect(served({ stoppedAt: 9 * MINUTE })).toEqual([{ version: 1, percentage: 100 }]);
  });
});
