import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { actions } from "../../lambdas/actions/registry.ts";
import { fixtures } from "./fixtures/index.ts";

it("every registered action is under contract", () => {
  expect(Object.keys(fixtures).toSorted()).toEqual(Object.keys(actions).toSorted());
});

it("every plan that a fixture stands on has its file in contract/", () => {
  const plans = new Set(Object.values(fixtures).map(({ plan }) => plan));

  expect(
    [...plans].filter((plan) => !existsSync(join(import.meta.dirname, "contract", `${plan}.test.ts`))),
  ).toEqual([]);
});
