import { expect, it } from "vitest";
import { Turns } from "../../../../sandbox/engines/kubernetes/controllers/ingress-gateway.ts";

const share = (subset: string, weight?: number) => ({
  destination: { host: "shop", subset },
  ...(weight === undefined ? {} : { weight }),
});
const hundred = (shares: Parameters<Turns["next"]>[0], turns = new Turns()) =>
  Array.from({ length: 100 }, () => turns.next(shares)?.destination.subset);
const count = (found: (string | undefined)[], wanted: string | undefined) =>
  found.filter((each) => each === wanted).length;

it("of a hundred requests each share gets as many as its weight says", () => {
  const found = hundred([share("stable", 80), share("canary", 20)]);

  expect([count(found, "stable"), count(found, "canary")]).toEqual([80, 20]);
});

it("a share without weight gets nothing beside another, at once when its weight was taken away", () => {
  const turns = new Turns();
  hundred([share("stable", 50), share("canary", 50)], turns);

  expect(count(hundred([share("stable", 100), share("canary", 0)], turns), "stable")).toBe(100);
  expect(count(hundred([share("stable", 100), share("canary")], turns), "stable")).toBe(100);
});

it("a single share gets everything, and with no weight at all nothing is reached", () => {
  expect(count(hundred([share("stable")]), "stable")).toBe(100);
  expect(count(hundred([share("stable", 0), share("canary", 0)]), undefined)).toBe(100);
});
