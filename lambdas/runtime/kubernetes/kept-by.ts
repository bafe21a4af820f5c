import type { Meta } from "./client.ts";

/** Controllers that keep objects as something else says, by the marks that they leave. */
const KEEPERS: { name: string; keeps(meta: Pick<Meta, "labels" | "annotations">): boolean }[] = [
  {
    name: "Argo CD",
    keeps: ({ labels, annotations }) =>
      Boolean(annotations?.["argocd.argoproj.io/tracking-id"] ?? labels?.["argocd.argoproj.io/instance"]),
  },
  {
    name: "Flux",
    keeps: ({ labels }) =>
      Boolean(labels?.["kustomize.toolkit.fluxcd.io/name"] ?? labels?.["helm.toolkit.fluxcd.io/name"]),
  },
  { name: "KEDA", keeps: ({ labels }) => labels?.["app.kubernetes.io/managed-by"] === "keda-operator" },
];

/** A line for each controller that would put an object back by itself. Pure. */
export const keptBy = (meta: Pick<Meta, "labels" | "annotations">): string[] =>
  KEEPERS.filter(({ keeps }) => keeps(meta)).map(
    ({ name }) =>
      `${name} keeps it as its own source says and puts that back: pause it for this object, or let its source go back too`,
  );
