import { describe, expect, it } from "vitest";
import { type Rollout, takenBack } from "../../../../lambdas/actions/argo-abort/rollout.ts";
import type { ReplicaSet } from "../../../../lambdas/runtime/kubernetes/workload.ts";

const rollout = (status: object = {}) =>
  ({
    spec: { replicas: 4 },
    status: { abort: true, abortedAt: "2026-11-20T10:00:00Z", stableRS: "old", ...status },
  }) as Rollout;
const stable = (availableReplicas: number) => ({ status: { availableReplicas } }) as unknown as ReplicaSet;

describe("the stable version has all the traffic when", () => {
  it.each([
    ["no pod of the aborted one is left", {}, 4],
    [
      "no traffic is routed to the aborted one, whose pods stay a while",
      { updatedReplicas: 2, canary: { weights: { canary: { weight: 0 }, verified: true } } },
      4,
    ],
    ["the active service leads to it", { updatedReplicas: 4, blueGreen: { activeSelector: "old" } }, 4],
  ])("%s", (_, status, available) => {
    expect(takenBack(rollout(status), stable(available)).done).toBe(true);
  });

  it.each([
    ["nobody has looked at the abort", { abortedAt: undefined }, 4, /has not looked/],
    ["too few of its pods are available", {}, 3, /3 of 4 pods/],
    ["it has no replica set", {}, undefined, /0 of 4 pods/],
    ["pods of the aborted one get their share", { updatedReplicas: 1 }, 4, /1 of the aborted one/],
    [
      "some traffic is routed to the aborted one",
      { canary: { weights: { canary: { weight: 20 } } } },
      4,
      /gets 20 %/,
    ],
    [
      "the load balancer has not confirmed its weights",
      { canary: { weights: { canary: { weight: 0 }, verified: false } } },
      4,
      /not yet verified/,
    ],
    [
      "the active service leads to the aborted one",
      { blueGreen: { activeSelector: "new" } },
      4,
      /leads to new/,
    ],
  ])("not while %s", (_, status, available, note) => {
    const found = takenBack(rollout(status), available === undefined ? undefined : stable(available));

    expect(found).toEqual({ done: false, note: expect.stringMatching(note) });
  });
});
