import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  advanced,
  type Count,
  nextSizes,
  type RolloutSpec,
  type RolloutStatus,
  wantedCounts,
} from "../../../../../sandbox/engines/kubernetes/controllers/argo-canary.ts";

const spec = (replicas: number, canary: RolloutSpec["strategy"]["canary"] = {}) =>
  ({ replicas, strategy: { canary } }) as RolloutSpec;
const steps = [{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }, { pause: { duration: "10m" } }];
const updating: RolloutStatus = { stableRS: "old", currentPodHash: "new", currentStepIndex: 0 };
const AT = "2026-11-20T10:00:00Z";

/** Lets a rollout go on, its pods available at once, until nothing changes or somebody must act. */
function run(of: RolloutSpec, from: RolloutStatus, has: { canary: Count; stable: Count }, at = AT) {
  let status = from;
  for (let turn = 0; turn < 50; turn += 1) {
    const next = advanced(of, status, has, at);
    const sizes = nextSizes(of, wantedCounts(of, next), has);
    const rests =
      JSON.stringify(next) === JSON.stringify(status) &&
      sizes.canary === has.canary.size &&
      sizes.stable === has.stable.size;
    if (rests) break;
    status = next;
    has.canary = { size: sizes.canary, available: sizes.canary };
    has.stable = { size: sizes.stable, available: sizes.stable };
  }
  return status;
}
const full = (replicas: number) => ({
  canary: { size: 0, available: 0 },
  stable: { size: replicas, available: replicas },
});

describe("an Argo Rollout", () => {
  it("stops at a pause until it is promoted, and is stable after its last step", () => {
    const of = spec(10, { steps });
    const has = full(10);
    const paused = run(of, updating, has);
    expect([has.canary.size, has.stable.size, paused.currentStepIndex]).toEqual([2, 8, 1]);

    // What `kubectl argo rollouts promote` does.
    const waits = run(of, { ...paused, pauseConditions: [] }, has);
    expect([has.canary.size, has.stable.size, waits.currentStepIndex]).toEqual([6, 4, 3]);
    expect(run(of, waits, has, "2026-11-20T10:09:59Z")).toEqual(waits);

    const promoted = run(of, waits, has, "2026-11-20T10:10:00Z");
    expect([has.canary.size, has.stable.size, promoted.stableRS]).toEqual([10, 0, "new"]);
  });

  it("aborted at any step gives everything back, and begins at its first step when tried again", () => {
    const of = spec(10, { steps });
    const has = full(10);
    const paused = run(of, updating, has);

    const aborted = run(of, { ...paused, abort: true }, has);
    expect(aborted).toMatchObject({ abort: true, abortedAt: AT, currentStepIndex: 0 });
    expect([has.canary.size, has.stable.size]).toEqual([0, 10]);

    const again = run(of, { ...aborted, abort: false }, has);
    expect(again).toMatchObject({ currentStepIndex: 1, controllerPause: true });
    expect(again.abortedAt).toBeUndefined();
    expect([has.canary.size, has.stable.size]).toEqual([2, 8]);
  });

  it("that is fully promoted cannot be aborted", () => {
    const status = { stableRS: "new", currentPodHash: "new", abort: true };

    expect(run(spec(3, { steps }), status, full(0)).abort).toBeUndefined();
  });

  it("never has fewer available pods than it may, and gets where it wants to be", () => {
    const count = fc.integer({ min: 0, max: 12 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        count,
        count,
        fc.integer({ min: 0, max: 100 }),
        (replicas, c, s, weight) => {
          const of = spec(replicas, { steps: [{ setWeight: weight }, { pause: {} }] });
          const wanted = wantedCounts(of, { ...updating, currentStepIndex: 1 });
          let now = { canary: { size: c, available: c }, stable: { size: s, available: s } };
          const least = Math.min(c + s, replicas - Math.floor(replicas / 4));
          for (let turn = 0; turn < 60; turn += 1) {
            const sizes = nextSizes(of, wanted, now);
            const available =
              Math.min(sizes.canary, now.canary.size) + Math.min(sizes.stable, now.stable.size);
            expect(available).toBeGreaterThanOrEqual(least);
            now = {
              canary: { size: sizes.canary, available: sizes.canary },
              stable: { size: sizes.stable, available: sizes.stable },
            };
          }
          expect([now.canary.size, now.stable.size]).toEqual([wanted.canary, wanted.stable]);
        },
      ),
      { numRuns: 200 },
    );
  });
});
