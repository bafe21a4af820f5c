import { describe, expect, it } from "vitest";
import { judged } from "../../../lambdas/checks/k8s-ready/judge.ts";
import { k8sReady } from "../../../lambdas/checks/k8s-ready/spec.ts";
import type { Deployment, Pod } from "../../../lambdas/runtime/kubernetes/workload.ts";

const IMAGE = "registry.example/web:v1";
const meta = (name: string) => ({ name, uid: name, resourceVersion: "1" });

const deployment = (spec: object = {}, status: object = {}): Deployment => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { ...meta("web"), generation: 4 },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "web" } },
    template: { spec: { containers: [{ name: "main", image: IMAGE }] } },
    ...spec,
  },
  status: { observedGeneration: 4, replicas: 2, updatedReplicas: 2, availableReplicas: 2, ...status },
});

const pod = (
  name: string,
  given: { ready?: boolean; image?: string; restarts?: number; waiting?: string; going?: true } = {},
): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { ...meta(name), ...(given.going ? { deletionTimestamp: "2026-01-08T10:00:00Z" } : {}) },
  spec: { containers: [{ name: "main", image: given.image ?? IMAGE }] },
  status: {
    phase: "Running",
    conditions: [{ type: "Ready", status: given.ready === false ? "False" : "True" }],
    containerStatuses: [
      {
        name: "main",
        restartCount: given.restarts ?? 0,
        ...(given.waiting ? { state: { waiting: { reason: given.waiting } } } : {}),
      },
    ],
  },
});

const input = (more: object = {}) =>
  k8sReady.input.parse({ cluster: "prod", namespace: "shop", deployment: "web", ...more });
const two = [pod("web-a"), pod("web-b")];

describe("k8s-ready", () => {
  it("passes when every pod is ready, runs the template and never restarted", () => {
    expect(judged(input({ image: IMAGE }), deployment(), two)).toMatchObject({
      verdict: "passed",
      value: "2 of 2 ready",
    });
  });

  it.each<[string, Deployment, Pod[], object, RegExp]>([
    [
      "a pod that is not ready",
      deployment(),
      [pod("web-a"), pod("web-b", { ready: false })],
      {},
      /1 pods are ready/,
    ],
    [
      "a pod that crash-loops",
      deployment(),
      [pod("web-a"), pod("web-b", { ready: false, waiting: "CrashLoopBackOff" })],
      {},
      /web-b\/main: CrashLoopBackOff/,
    ],
    [
      "a pod that was restarted",
      deployment(),
      [pod("web-a"), pod("web-b", { restarts: 1 })],
      {},
      /restarted 1 times/,
    ],
    [
      "a pod of another image",
      deployment(),
      [pod("web-a"), pod("web-b", { image: "registry.example/web:v2" })],
      { image: IMAGE },
      /web-b runs registry.example\/web:v2/,
    ],
    [
      "a pod of the bad image",
      deployment(),
      [pod("web-a"), pod("web-b", { image: "registry.example/web:v2" })],
      { notImage: "registry.example/web:v2" },
      /web-b runs/,
    ],
    [
      "a pod that is still going",
      deployment(),
      [...two, pod("web-c", { going: true })],
      {},
      /web-c is still going/,
    ],
    [
      "an old pod that is still there",
      deployment({}, { replicas: 3, updatedReplicas: 2 }),
      two,
      {},
      /2 of 3 pods run the deployment's template/,
    ],
    ["a paused deployment", deployment({ paused: true }), two, {}, /is paused/],
    [
      "a change that the cluster has not seen",
      deployment({}, { observedGeneration: 3 }),
      two,
      {},
      /has not looked/,
    ],
    ["fewer pods than there must be", deployment(), two, { atLeast: 3 }, /2 pods are ready/],
  ])("fails on %s and says so", (_, found, pods, more, evidence) => {
    const { verdict, evidence: said } = judged(input(more), found, pods);

    expect(verdict).toBe("failed");
    expect(said.join("\n")).toMatch(evidence);
  });

  it("has measured nothing where no pod is wanted", () => {
    expect(
      judged(input(), deployment({ replicas: 0 }, { replicas: 0, updatedReplicas: 0 }), []),
    ).toMatchObject({
      verdict: "inconclusive",
    });
  });
});
