import { type Cluster, now } from "../cluster.ts";
import { withDefaults } from "../defaults.ts";
import { digestOf } from "../digest.ts";
import type { ReplicaSet } from "../objects.ts";
import { typeOf } from "../resources.ts";
import type { Draft } from "../store.ts";
import {
  type ArgoRollout,
  advanced,
  type Count,
  isPromoted,
  nextSizes,
  phaseOf,
  type RolloutStatus,
  wantedCounts,
} from "./argo-canary.ts";
import { availableOf, presentOf, readyOf } from "./rollout.ts";

const ROLLOUT = typeOf("Rollout");
const SET = typeOf("ReplicaSet");
const HASH = "rollouts-pod-template-hash";
const REVISION = "rollout.argoproj.io/revision";

const hashOf = ({ metadata }: ReplicaSet) => metadata.labels?.[HASH];
const revisionOf = ({ metadata }: ReplicaSet) => Number(metadata.annotations?.[REVISION] ?? 0);
const countOf = (set: ReplicaSet | undefined): Count => ({
  size: set?.spec?.replicas ?? 0,
  available: set?.status?.availableReplicas ?? 0,
});

/** Brings one Argo Rollout a step nearer to what it wants; an aborted one back to its stable replica set. */
export function reconcileArgoRollout(cluster: Cluster, rollout: ArgoRollout): void {
  const spec = rollout.spec!;
  const hash = digestOf(JSON.stringify(spec.template));
  const sets = setsOf(cluster, rollout);
  const canary = sets.find((set) => hashOf(set) === hash) ?? created(cluster, rollout, hash, sets);
  const before = sameUpdate(rollout.status, hash);
  const stable = isPromoted(before) ? undefined : sets.find((set) => hashOf(set) === before.stableRS);
  const has = { canary: countOf(canary), stable: countOf(stable) };
  const status = spec.paused ? before : advanced(spec, before, has, now(cluster));
  if (!spec.paused) {
    const sizes = nextSizes(spec, wantedCounts(spec, status), has);
    setSize(cluster, canary, sizes.canary);
    if (stable) setSize(cluster, stable, sizes.stable);
    for (const set of sets) if (set !== canary && set !== stable) setSize(cluster, set, 0);
  }
  write(cluster, rollout, status, { revision: revisionOf(canary), hash });
}

/** The status; with another template a new update begins, whatever became of the one before. */
function sameUpdate(status: RolloutStatus = {}, hash: string): RolloutStatus {
  if (status.currentPodHash === hash) return status;
  const { stableRS } = status;
  return { ...(stableRS ? { stableRS } : {}), currentPodHash: hash, currentStepIndex: 0 };
}

function setsOf({ store }: Cluster, { metadata }: ArgoRollout): ReplicaSet[] {
  return store
    .list<ReplicaSet>(SET, metadata.namespace)
    .filter((set) => set.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid));
}

function created(
  cluster: Cluster,
  { metadata, spec }: ArgoRollout,
  hash: string,
  sets: ReplicaSet[],
): ReplicaSet {
  const labels = { ...spec!.template.metadata?.labels, [HASH]: hash };
  const set = withDefaults({
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `${metadata.name}-${hash}`,
      namespace: metadata.namespace,
      labels,
      annotations: { [REVISION]: String(Math.max(0, ...sets.map(revisionOf)) + 1) },
      ownerReferences: [
        {
          apiVersion: "argoproj.io/v1alpha1",
          kind: "Rollout",
          name: metadata.name,
          uid: metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      replicas: 0,
      selector: { matchLabels: { ...spec!.selector.matchLabels, [HASH]: hash } },
      template: { ...spec!.template, metadata: { ...spec!.template.metadata, labels } },
    },
    status: { replicas: 0 },
  } as Draft<ReplicaSet> & { metadata: { name: string } });
  return cluster.store.create<ReplicaSet>(SET, set);
}

function setSize({ store }: Cluster, { metadata }: ReplicaSet, replicas: number): void {
  const set = store.get<ReplicaSet>(SET, metadata.namespace, metadata.name);
  if (!set || set.spec!.replicas === replicas) return;
  store.update<ReplicaSet>(SET, {
    ...set,
    metadata: { ...set.metadata, resourceVersion: "" },
    spec: { ...set.spec!, replicas },
  });
}

/** Writes what is seen of it. Nothing was written in between: a controller runs to its end before anybody else. */
function write(
  cluster: Cluster,
  rollout: ArgoRollout,
  status: RolloutStatus,
  { revision, hash }: { revision: number; hash: string },
): void {
  const sets = setsOf(cluster, rollout);
  const current = sets.filter((set) => hashOf(set) === hash);
  const counted: RolloutStatus = {
    ...status,
    observedGeneration: String(rollout.metadata.generation),
    replicas: presentOf(sets),
    updatedReplicas: presentOf(current),
    readyReplicas: readyOf(sets),
    availableReplicas: availableOf(sets),
  };
  cluster.store.update<ArgoRollout>(ROLLOUT, {
    ...rollout,
    metadata: {
      ...rollout.metadata,
      annotations: { ...rollout.metadata.annotations, [REVISION]: String(revision) },
      resourceVersion: "",
    },
    status: { ...counted, ...phaseOf(rollout.spec!, counted, revision) },
  });
}
