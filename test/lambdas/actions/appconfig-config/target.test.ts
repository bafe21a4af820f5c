import { describe, expect, it } from "vitest";
import { resolveTarget } from "../../../../lambdas/actions/appconfig-config/target.ts";
import type { Known } from "../../../../lambdas/runtime/appconfig-deployments.ts";

const place = { environment: "prodenv", profile: "conf001" };
const at = (minute: number) => new Date(Date.UTC(2026, 0, 8, 10, minute));
/** `[version, state, percent]` of each deployment, oldest first, ten minutes apart; answered newest first. */
const deployments = (...rows: [string, Known["State"], number?][]): Known[] =>
  rows
    .map(([version, State, PercentageComplete = 100], index) => ({
      number: index + 1,
      version,
      State,
      PercentageComplete,
      ConfigurationProfileId: place.profile,
      StartedAt: at(index * 10),
    }))
    .toReversed();
const previous = (...rows: Parameters<typeof deployments>) =>
  resolveTarget(place, deployments(...rows), "previous", {});

describe("the configuration that comes back", () => {
  it("is the one that was deployed before, whatever was taken back in between", () => {
    const found = previous(["1", "COMPLETE"], ["2", "REVERTED"], ["3", "ROLLED_BACK", 20], ["4", "COMPLETE"]);

    expect(found).toMatchObject({ version: "4", target: "1", stops: null, deploys: true, deployment: 4 });
  });

  it("is what everybody still has while a deployment goes on, and stopping it is enough", () => {
    const found = previous(["1", "COMPLETE"], ["2", "DEPLOYING", 20]);

    expect(found).toMatchObject({ version: "2", target: "1", stops: 2, deploys: false });
  });

  it("is the one from before while the last still bakes", () => {
    expect(previous(["1", "COMPLETE"], ["2", "BAKING"])).toMatchObject({
      target: "1",
      stops: 2,
      deploys: false,
    });
  });

  it("is the one that everybody had when the deployment began, though others came since", () => {
    const deployment = { version: "1.3.0", startedAt: at(15).toISOString() };
    const all = deployments(["1", "COMPLETE"], ["2", "COMPLETE"], ["3", "COMPLETE"], ["4", "DEPLOYING", 50]);

    const found = resolveTarget(place, all, "before-deployment", { deployment });

    expect(found).toMatchObject({ version: "4", target: "2", stops: 4, deploys: true });
  });

  it("is refused when there is nothing to go back to", () => {
    expect(() => previous(["1", "COMPLETE"], ["1", "COMPLETE"])).toThrow(
      /No other version.*Nothing was changed/,
    );
    expect(() => resolveTarget(place, [], "previous", {})).toThrow(/Nothing of profile/);
    expect(() => resolveTarget(place, deployments(["1", "COMPLETE"]), "before-deployment", {})).toThrow(
      /no deployment is recorded/,
    );
  });
});
