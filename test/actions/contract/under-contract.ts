import { afterAll, beforeAll, describe } from "vitest";
import { actions } from "../../../lambdas/actions/registry.ts";
import { recordAuthorizations } from "../../../sandbox/front/iam/index.ts";
import { type DrillBench, drillBench, silence } from "../../drills/harness.ts";
import { benches } from "../benches/index.ts";
import { fixtures } from "../fixtures/index.ts";
import { contract } from "./contract.ts";

/** The contract of every kind whose fixture stands on this plan or bench; one file each, so that they run side by side. */
export function underContract(plan: string): void {
  describe(`actions of ${plan}`, () => {
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
  }, 60_000);
}
