import { describe, expect, it } from "vitest";
import { allToStable, weightOf } from "../../../lambdas/actions/k8s-canary/weights.ts";
import { isSuspended, suspended, wantedSpec } from "../../../lambdas/actions/k8s-hpa/bounds.ts";
import { chosen } from "../../../lambdas/actions/k8s-rollout/target.ts";
import { failureOf } from "../../../lambdas/runtime/kubernetes/failures.ts";
import { configMapData } from "../../../lambdas/runtime/kubernetes/manifest.ts";
import {
  type Deployment,
  type ReplicaSet,
  rolloutOf,
  templateDigest,
} from "../../../lambdas/runtime/kubernetes/workload.ts";

const place = { cluster: "prod", namespace: "shop" };
const template = (tag: string, labels: Record<string, string> = { app: "web" }) => ({
  metadata: { labels },
  spec: { containers: [{ name: "main", image: `registry.example:5000/web:${tag}` }] },
});
const set = (revision: number, tag: string): ReplicaSet => ({
  apiVersion: "apps/v1",
  kind: "ReplicaSet",
  metadata: {
    name: `web-${revision}`,
    uid: `${revision}`,
    resourceVersion: "1",
    annotations: { "deployment.kubernetes.io/revision": String(revision) },
  },
  spec: { template: template(tag, { app: "web", "pod-template-hash": `${revision}` }) },
});
const deployment = (status: object = {}): Deployment => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "shop", uid: "d", resourceVersion: "1", generation: 2 },
  spec: { replicas: 3, selector: {}, template: template("v3") },
  status: { observedGeneration: 2, replicas: 3, updatedReplicas: 3, availableReplicas: 3, ...status },
});

describe("k8s-rollout chooses", () => {
  const history = [set(5, "v3"), set(4, "v1"), set(2, "v2")];
  const known = { what: "shop/web", found: deployment(), current: history[0]!, history, lastGood: "2" };
  const of = (to: "previous" | "last-good" | number | undefined) =>
    chosen({ ...place, deployment: "web", to }, known).set?.metadata.name;

  it("the revision before the present one, a numbered one, or the one with the last good version", () => {
    expect([of(undefined), of("previous"), of(2), of("last-good")]).toEqual([
      "web-4",
      "web-4",
      "web-2",
      "web-2",
    ]);
  });

  it("none that is not there, and says which are", () => {
    expect(() => of(3)).toThrow(
      /no revision 3; it has 5 \(registry\.example:5000\/web:v3\), 4 .*Nothing was changed/,
    );
  });

  it("a template whatever the label that Kubernetes adds to it", () => {
    expect(templateDigest(history[0]!.spec.template)).toBe(templateDigest(deployment().spec.template));
    expect(templateDigest(history[1]!.spec.template)).not.toBe(templateDigest(deployment().spec.template));
  });
});

describe("a rollout", () => {
  it.each([
    ["is not seen yet", { observedGeneration: 1 }, false],
    ["has old pods", { replicas: 4 }, false],
    ["has pods that are not available", { availableReplicas: 2 }, false],
    ["is through", {}, true],
  ])("%s", (_, status, done) => {
    expect(rolloutOf(deployment(status)).done).toBe(done);
  });

  it("that does not get on is a failure that says how far it came", () => {
    const conditions = [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }];
    expect(() => rolloutOf(deployment({ availableReplicas: 1, conditions }))).toThrow(
      /1 of 3 replicas are available/,
    );
  });
});

describe("k8s-hpa", () => {
  const found = {
    minReplicas: 1,
    maxReplicas: 2,
    behavior: { scaleDown: { stabilizationWindowSeconds: 60 } },
  };
  const step = { ...place, hpa: "web" };

  it("suspends both directions and keeps what they say otherwise", () => {
    expect(suspended(found).behavior).toEqual({
      scaleUp: { selectPolicy: "Disabled" },
      scaleDown: { stabilizationWindowSeconds: 60, selectPolicy: "Disabled" },
    });
    expect([isSuspended(found), isSuspended(suspended(found))]).toEqual([false, true]);
  });

  it("gives bounds and lets a suspended one scale again", () => {
    const wanted = wantedSpec({ ...step, minReplicas: 3, maxReplicas: 10 }, suspended(found));

    expect(wanted).toMatchObject({ minReplicas: 3, maxReplicas: 10 });
    expect(isSuspended(wanted)).toBe(false);
    expect(wanted.behavior?.scaleDown).toEqual({ stabilizationWindowSeconds: 60 });
  });
});

describe("k8s-canary", () => {
  const to = (subset: string, weight: number) => ({ destination: { subset }, weight });

  it("moves the weights of routes that lead to both, and no others", () => {
    const routes = [{ route: [to("stable", 80), to("canary", 20)] }, { route: [to("beta", 100)] }];
    const moved = allToStable(routes, "stable", "canary");

    expect(moved).toEqual([{ route: [to("stable", 100), to("canary", 0)] }, routes[1]]);
    expect([weightOf(routes, "canary"), weightOf(moved, "canary")]).toEqual([20, 0]);
  });
});

describe("a saved config map", () => {
  const read = (text: string) => configMapData(text, "s3://manifests/settings.yaml version 1", "settings");

  it("is read from YAML and JSON", async () => {
    const yaml = "kind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  limit: '10'\n";
    const json = JSON.stringify({ kind: "ConfigMap", metadata: { name: "settings" }, data: { limit: "10" } });

    expect(await Promise.all([read(yaml), read(json)])).toEqual([
      { data: { limit: "10" } },
      { data: { limit: "10" } },
    ]);
  });

  it.each([
    ["another kind", "kind: Secret\nmetadata: { name: settings }", /its kind is another one/],
    ["another name", "kind: ConfigMap\nmetadata: { name: other }", /it is called other/],
    [
      "a number where a text must be",
      "kind: ConfigMap\nmetadata: { name: settings }\ndata: { limit: 10 }",
      /limit is no text/,
    ],
    ["no YAML at all", "{ kind: [", /is no config map settings/],
    ["nothing", "", /its kind is another one/],
  ])("that is %s is refused", async (_, text, message) => {
    await expect(read(text)).rejects.toThrow(message);
  });
});

describe("what a cluster answers", () => {
  it.each([
    [401, "AccessDenied"],
    [403, "AccessDenied"],
    [404, "ChangedSincePreflight"],
    [422, "WorkFailed"],
    [429, "Throttled"],
    [500, "ServiceUnavailable"],
    [503, "ServiceUnavailable"],
  ])("%i is %s", (code, name) => {
    const error = failureOf("prod", "PUT /x", code, { message: "no", reason: "Because" });

    expect(error.name).toBe(name);
    expect(error.message).toContain(`The cluster prod answered ${code} Because to PUT /x: no`);
  });
});
