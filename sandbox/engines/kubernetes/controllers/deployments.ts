import type { Cluster } from "../cluster.ts";
import { digestOf } from "../digest.ts";
import type { Deployment, ReplicaSet } from "../objects.ts";
import { typeOf } from "../resources.ts";
import { deploymentStatus } from "./deployment-status.ts";
import {
  HASH,
  plainTemplate,
  presentOf,
  REVISION,
  revisionOf,
  rollingSizes,
  runs,
  wantedOf,
} from "./rollout.ts";

const DEPLOYMENT = typeOf("Deployment");
const SET = typeOf("ReplicaSet");
const DESIRED = "deployment.kubernetes.io/desired-replicas";
/** Annotations that belong to the deployment alone. */
const NOT_COPIED = [REVISION, "kubectl.kubernetes.io/last-applied-configuration", DESIRED];

/** Brings one deployment's replica sets a step nearer to what it wants. */
export function reconcileDeployment(cluster: Cluster, deployment: Deployment): void {
  const spec = deployment.spec!;
  const sets = setsOf(cluster, deployment);
  if (spec.paused) hold(cluster, deployment, sets);
  else {
    const existing = sets.find((set) => runs(set, spec.template));
    const current = existing ? renewed(cluster, existing, sets) : created(cluster, deployment, sets);
    const old = sets.filter(({ metadata }) => metadata.uid !== current.metadata.uid);
    if (scaled(sets, spec.replicas)) resize(cluster, deployment, sets);
    else roll(cluster, spec, current, old);
    note(cluster, deployment, current);
    forget(cluster, spec, current, old);
  }
  deploymentStatus(cluster, fresh(cluster, deployment), setsOf(cluster, deployment));
}

/** Paused: no template comes in, and only the number of replicas is followed. */
function hold(cluster: Cluster, deployment: Deployment, sets: ReplicaSet[]): void {
  const { replicas } = deployment.spec!;
  if (scaled(sets, replicas)) {
    resize(cluster, deployment, sets);
    return;
  }
  const newest = sets.toSorted((a, b) => revisionOf(b) - revisionOf(a))[0];
  if (newest && wantedOf(sets) === 0 && replicas > 0) setSize(cluster, newest, replicas, replicas);
}

const fresh = ({ store }: Cluster, { metadata }: Deployment) =>
  store.get<Deployment>(DEPLOYMENT, metadata.namespace, metadata.name)!;

/** Replica sets that the deployment owns. */
export function setsOf({ store }: Cluster, { metadata }: Deployment): ReplicaSet[] {
  return store
    .list<ReplicaSet>(SET, metadata.namespace)
    .filter((set) => set.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid));
}

function created(cluster: Cluster, { metadata, spec }: Deployment, sets: ReplicaSet[]): ReplicaSet {
  const template = plainTemplate(spec!.template);
  const hash = digestOf(JSON.stringify(template));
  const revision = Math.max(0, ...sets.map(revisionOf)) + 1;
  const labels = { ...template.metadata?.labels, [HASH]: hash };
  return cluster.store.create<ReplicaSet>(SET, {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `${metadata.name}-${hash}`,
      namespace: metadata.namespace,
      labels,
      annotations: {
        ...copied(metadata.annotations),
        [REVISION]: String(revision),
        [DESIRED]: String(spec!.replicas),
      },
      ownerReferences: [
        {
          apiVersion: "apps/v1",
          kind: "Deployment",
          name: metadata.name,
          uid: metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      replicas: 0,
      minReadySeconds: spec!.minReadySeconds,
      selector: { matchLabels: { ...spec!.selector.matchLabels, [HASH]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
    status: { replicas: 0 },
  });
}

const copied = (annotations: Record<string, string> = {}) =>
  Object.fromEntries(Object.entries(annotations).filter(([name]) => !NOT_COPIED.includes(name)));

/** A template that comes back gets the newest revision; the history keeps it once. */
function renewed(cluster: Cluster, set: ReplicaSet, sets: ReplicaSet[]): ReplicaSet {
  const newest = Math.max(0, ...sets.filter((each) => each !== set).map(revisionOf));
  if (revisionOf(set) > newest) return set;
  return annotated(cluster, set, { [REVISION]: String(newest + 1) });
}

function annotated(cluster: Cluster, set: ReplicaSet, annotations: Record<string, string>): ReplicaSet {
  const metadata = {
    ...set.metadata,
    annotations: { ...set.metadata.annotations, ...annotations },
    resourceVersion: "",
  };
  return cluster.store.update<ReplicaSet>(SET, { ...set, metadata });
}

/** Whether somebody changed the number of replicas since the sets were last sized. */
const scaled = (sets: ReplicaSet[], replicas: number) =>
  sets.some(
    ({ spec, metadata }) => spec!.replicas > 0 && metadata.annotations?.[DESIRED] !== String(replicas),
  );

/** Another number of replicas in the middle of a rollout, or while paused: shared out as the pods are now. */
function resize(cluster: Cluster, { spec }: Deployment, sets: ReplicaSet[]): void {
  const wanted = spec!.replicas;
  const active = sets.filter((set) => set.spec!.replicas > 0);
  const total = wantedOf(active);
  const shares = active
    .toSorted((a, b) => revisionOf(b) - revisionOf(a))
    .map((set) => ({ set, size: Math.floor((set.spec!.replicas * wanted) / total) }));
  // What rounding left over goes to the newest.
  if (shares[0]) shares[0].size += wanted - shares.reduce((sum, { size }) => sum + size, 0);
  for (const { set, size } of shares) setSize(cluster, set, size, wanted);
}

function setSize(cluster: Cluster, set: ReplicaSet, replicas: number, desired: number): void {
  const annotations = { ...set.metadata.annotations, [DESIRED]: String(desired) };
  const now = cluster.store.get<ReplicaSet>(SET, set.metadata.namespace, set.metadata.name) ?? set;
  cluster.store.update<ReplicaSet>(SET, {
    ...now,
    metadata: {
      ...now.metadata,
      annotations: { ...now.metadata.annotations, ...annotations },
      resourceVersion: "",
    },
    spec: { ...now.spec!, replicas },
  });
}

function roll(
  cluster: Cluster,
  spec: NonNullable<Deployment["spec"]>,
  current: ReplicaSet,
  old: ReplicaSet[],
): void {
  if (spec.strategy.type === "Recreate") {
    for (const set of old) if (set.spec!.replicas > 0) setSize(cluster, set, 0, spec.replicas);
    // Pods that are still going count: the new ones start when the last is gone.
    const going = old.some((set) =>
      cluster.store
        .list(typeOf("Pod"), set.metadata.namespace)
        .some(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === set.metadata.uid)),
    );
    if (presentOf(old) === 0 && !going && current.spec!.replicas !== spec.replicas)
      setSize(cluster, current, spec.replicas, spec.replicas);
    return;
  }
  for (const [set, size] of rollingSizes(spec, current, old)) setSize(cluster, set, size, spec.replicas);
}

/** The deployment says which revision it is at. */
function note(cluster: Cluster, deployment: Deployment, current: ReplicaSet): void {
  const now = fresh(cluster, deployment);
  const annotations = { ...now.metadata.annotations, [REVISION]: String(revisionOf(current)) };
  cluster.store.update<Deployment>(DEPLOYMENT, {
    ...now,
    metadata: { ...now.metadata, annotations, resourceVersion: "" },
  });
}

/** Old, empty sets beyond the history's limit go; the rollback targets among them with them. */
function forget(
  cluster: Cluster,
  spec: NonNullable<Deployment["spec"]>,
  current: ReplicaSet,
  old: ReplicaSet[],
): void {
  if ((current.status?.availableReplicas ?? 0) < spec.replicas) return;
  const empty = old
    .filter((set) => set.spec!.replicas === 0 && presentOf([set]) === 0)
    .toSorted((a, b) => revisionOf(a) - revisionOf(b));
  for (const set of empty.slice(0, Math.max(0, empty.length - spec.revisionHistoryLimit)))
    cluster.store.remove(SET, set.metadata.namespace, set.metadata.name);
}
