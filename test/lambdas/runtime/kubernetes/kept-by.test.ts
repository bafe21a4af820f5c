import { expect, it } from "vitest";
import { keptBy } from "../../../../lambdas/runtime/kubernetes/kept-by.ts";

it.each([
  ["Argo CD", { annotations: { "argocd.argoproj.io/tracking-id": "shop:apps/Deployment:shop/web" } }],
  ["Flux", { labels: { "kustomize.toolkit.fluxcd.io/name": "shop" } }],
  ["Flux", { labels: { "helm.toolkit.fluxcd.io/name": "shop" } }],
  ["KEDA", { labels: { "app.kubernetes.io/managed-by": "keda-operator" } }],
])("%s is said to put an object back that carries its mark", (name, meta) => {
  expect(keptBy(meta)).toEqual([expect.stringMatching(new RegExp(`^${name} keeps it`))]);
});

it("nobody is said to, where an object carries no such mark", () => {
  expect(keptBy({ labels: { "app.kubernetes.io/managed-by": "Helm" }, annotations: {} })).toEqual([]);
});
