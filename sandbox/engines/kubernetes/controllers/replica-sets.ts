import { randomId } from "../../../world.ts";
import { type Cluster, now } from "../cluster.ts";
import type { Pod, ReplicaSet } from "../objects.ts";
import { typeOf } from "../resources.ts";

const SET = typeOf("ReplicaSet");
const POD = typeOf("Pod");
const SUFFIX = "bcdfghjklmnpqrstvwxz2456789";

export const isReady = ({ status }: Pod): boolean =>
  status?.conditions.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false;

/** Makes and ends pods until a replica set has as many as it wants, and writes what it has. */
export function reconcileReplicaSet(cluster: Cluster, set: ReplicaSet): void {
  const spec = set.spec!;
  const own = podsOf(cluster, set);
  const alive = own.filter(({ metadata }) => !metadata.deletionTimestamp);
  for (let missing = spec.replicas - alive.length; missing > 0; missing -= 1) create(cluster, set);
  if (alive.length > spec.replicas) {
    // The ones that help least go first: not ready, then youngest.
    const expendable = alive.toSorted(
      (a, b) =>
        Number(isReady(a)) - Number(isReady(b)) ||
        (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? 1 : -1),
    );
    for (const pod of expendable.slice(0, alive.length - spec.replicas))
      cluster.store.update<Pod>(POD, {
        ...pod,
        metadata: { ...pod.metadata, deletionTimestamp: now(cluster), resourceVersion: "" },
      });
  }
  const present = podsOf(cluster, set).filter(({ metadata }) => !metadata.deletionTimestamp);
  const ready = present.filter(isReady);
  const steady = ready.filter((pod) => {
    const since = pod.status!.conditions.find(({ type }) => type === "Ready")!.lastTransitionTime!;
    return cluster.world.clock.now() - Date.parse(since) >= (spec.minReadySeconds ?? 0) * 1000;
  });
  const fresh = cluster.store.get<ReplicaSet>(SET, set.metadata.namespace, set.metadata.name)!;
  cluster.store.update<ReplicaSet>(SET, {
    ...fresh,
    metadata: { ...fresh.metadata, resourceVersion: "" },
    status: {
      replicas: present.length,
      fullyLabeledReplicas: present.length || undefined,
      readyReplicas: ready.length || undefined,
      availableReplicas: steady.length || undefined,
      observedGeneration: fresh.metadata.generation,
    },
  });
}

/** Pods of a replica set, those that are going too. */
export function podsOf({ store }: Cluster, { metadata }: ReplicaSet): Pod[] {
  return store
    .list<Pod>(POD, metadata.namespace)
    .filter((pod) => pod.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid));
}

function create(cluster: Cluster, { metadata, spec }: ReplicaSet): void {
  const { template } = spec!;
  cluster.store.create<Pod>(POD, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `${metadata.name}-${randomId(5, SUFFIX)}`,
      generateName: `${metadata.name}-`,
      namespace: metadata.namespace,
      labels: template.metadata?.labels,
      annotations: template.metadata?.annotations,
      ownerReferences: [
        {
          apiVersion: "apps/v1",
          kind: "ReplicaSet",
          name: metadata.name,
          uid: metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: template.spec,
    status: { phase: "Pending", conditions: [] },
  });
}
