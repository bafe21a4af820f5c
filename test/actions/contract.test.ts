import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { actions } from "../../lambdas/actions/registry.ts";
import { recordAuthorizations } from "../../sandbox/front/iam/index.ts";
import { type DrillBench, drillBench, silence } from "../drills/harness.ts";
import { benches } from "./benches/index.ts";
import { contract } from "./contract.ts";
import { fixtures } from "./fixtures/index.ts";

it("every registered action is under contract", () => {
  expect(Object.keys(fixtures).toSorted()).toEqual(Object.keys(actions).toSorted());
});

const plans = [...new Set(Object.values(fixtures).map(({ plan }) => plan))];

describe.each(plans)(
  "actions of %s",
  (plan) => {
    let bench: DrillBench;

    beforeAll(async () => {
      bench = await drillBench(plan, {
        ...benches[plan],
        metricsReported: !benches[plan],
        change: (document) => {
          // Nothing but the suite may act.
          silence(document);
        },
      });
      recordAuthorizations(bench.sandbox.world);
    }, 120_000);
    afterAll(() => bench?.close());

    for (const [kind, fixture] of Object.entries(fixtures).filter(([, each]) => each.plan === plan))
      contract(actions[kind]!, fixture, () => bench);
  },
  60_000,
);
