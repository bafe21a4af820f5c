import type { Deployment, DeploymentSpec, PodTemplate, ReplicaSet } from "../objects.ts";
import { same } from "../objects.ts";

export const REVISION = "deployment.kubernetes.io/revision";
export const HASH = "pod-template-hash";

/** A share of the replicas, `"25%"` or a number; surge is rounded up, unavailability down. Pure. */
export function share(value: number | string | undefined, replicas: number, round: "up" | "down"): number {
  if (typeof value !== "string") return value ?? 0;
  const exact = (Number.parseFloat(value) / 100) * replicas;
  return round === "up" ? Math.ceil(exact) : Math.floor(exact);
}

/** How far a rolling update may go above and below the wanted replicas. Pure. */
export function bounds({ strategy, replicas }: Pick<DeploymentSpec, "strategy" | "replicas">) {
  if (strategy.type === "Recreate") return { surge: 0, unavailable: replicas };
  const surge = share(strategy.rollingUpdate?.maxSurge, replicas, "up");
  const unavailable = share(strategy.rollingUpdate?.maxUnavailable, replicas, "down");
  // Both zero would never get anywhere; Kubernetes then takes one down.
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : Math.min(unavailable, replicas) };
}

/** A template without the label that the controller adds. Pure. */
export function plainTemplate({ metadata = {}, spec }: PodTemplate): PodTemplate {
  const { [HASH]: _, ...labels } = metadata.labels ?? {};
  return { metadata: { ...metadata, labels }, spec };
}

/** Whether a replica set runs this template. Pure. */
export const runs = (set: ReplicaSet, template: PodTemplate): boolean =>
  same(tidy(plainTemplate(set.spec!.template)), tidy(plainTemplate(template)));

/** `creationTimestamp: null` and empty members say nothing. */
const tidy = ({ metadata, spec }: PodTemplate) => ({
  labels: metadata?.labels ?? {},
  annotations: metadata?.annotations ?? {},
  spec,
});

export const revisionOf = ({ metadata }: { metadata: ReplicaSet["metadata"] }): number =>
  Number(metadata.annotations?.[REVISION] ?? 0);

export const wantedOf = (sets: ReplicaSet[]) => sets.reduce((sum, { spec }) => sum + spec!.replicas, 0);
export const readyOf = (sets: ReplicaSet[]) =>
  sets.reduce((sum, { status }) => sum + (status?.readyReplicas ?? 0), 0);
export const availableOf = (sets: ReplicaSet[]) =>
  sets.reduce((sum, { status }) => sum + (status?.availableReplicas ?? 0), 0);
export const presentOf = (sets: ReplicaSet[]) =>
  sets.reduce((sum, { status }) => sum + (status?.replicas ?? 0), 0);

/**
 * The next sizes of a rolling update's replica sets, as the deployment controller decides them: the new one grows as far
 * as the surge allows, unhealthy old pods go first, and healthy old ones as far as enough stay available. Pure.
 */
export function rollingSizes(
  spec: NonNullable<Deployment["spec"]>,
  current: ReplicaSet,
  old: ReplicaSet[],
): Map<ReplicaSet, number> {
  const sizes = new Map<ReplicaSet, number>();
  const { surge, unavailable } = bounds(spec);
  const all = [current, ...old];
  const total = wantedOf(all);
  const own = current.spec!.replicas;
  if (own > spec.replicas) sizes.set(current, spec.replicas);
  else if (own < spec.replicas) {
    const room = spec.replicas + surge - total;
    if (room > 0) sizes.set(current, own + Math.min(room, spec.replicas - own));
  }
  if (sizes.size > 0) return sizes;
  const oldest = old
    .filter((set) => set.spec!.replicas > 0)
    .toSorted((a, b) => revisionOf(a) - revisionOf(b));
  const least = spec.replicas - unavailable;
  const notYet = own - (current.status?.availableReplicas ?? 0);
  let unhealthy = total - least - notYet;
  for (const set of oldest) {
    if (unhealthy <= 0) break;
    const sick = Math.min(unhealthy, set.spec!.replicas - (set.status?.availableReplicas ?? 0));
    if (sick <= 0) continue;
    sizes.set(set, set.spec!.replicas - sick);
    unhealthy -= sick;
  }
  let spare = availableOf(all) - least;
  for (const set of oldest) {
    const size = sizes.get(set) ?? set.spec!.replicas;
    const down = Math.min(size, spare, total - least - notYet);
    if (down <= 0) continue;
    sizes.set(set, size - down);
    spare -= down;
  }
  return sizes;
}
