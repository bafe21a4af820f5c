import type { Cluster } from "../cluster.ts";
import type { Deployment, KubeService, Pod, ReplicaSet } from "../objects.ts";
import { Kubelet } from "../pods/kubelet.ts";
import { RESOURCES, type ResourceType, typeOf } from "../resources.ts";
import type { Change } from "../store.ts";
import type { ArgoRollout } from "./argo-canary.ts";
import { reconcileArgoRollout } from "./argo-rollouts.ts";
import { type Autoscaler, reconcileAutoscaler } from "./autoscalers.ts";
import { reconcileDeployment } from "./deployments.ts";
import { reconcileEndpoints } from "./endpoints.ts";
import { IngressGateways, type VirtualService } from "./ingress-gateway.ts";
import { LoadBalancers } from "./load-balancers.ts";
import { Queue } from "./queue.ts";
import { reconcileReplicaSet } from "./replica-sets.ts";

const DEPLOYMENT = typeOf("Deployment");
const SET = typeOf("ReplicaSet");
const SERVICE = typeOf("Service");
const ROLLOUT = typeOf("Rollout");
const AUTOSCALER = typeOf("HorizontalPodAutoscaler");
const VIRTUAL_SERVICE = typeOf("VirtualService");

/** Sandbox seconds between two looks at what only time changes: deadlines, minReadySeconds. */
const RESYNC_SECONDS = 10;

/** Starts everything that makes a cluster's objects true. */
export function startControllers(cluster: Cluster): void {
  const { store, world } = cluster;
  const failed = (error: unknown) =>
    world.log("kubernetes", `a controller failed: ${error instanceof Error ? error.stack : String(error)}`);
  const queue = <Kind>(type: ResourceType, reconcile: (cluster: Cluster, object: Kind) => void) =>
    new Queue((key) => {
      const [namespace, name] = key.split("/");
      const object = store.get(type, namespace, name!);
      if (object) reconcile(cluster, object as Kind);
    }, failed);
  const deployments = queue<Deployment>(DEPLOYMENT, reconcileDeployment);
  const sets = queue<ReplicaSet>(SET, reconcileReplicaSet);
  const rollouts = queue<ArgoRollout>(ROLLOUT, reconcileArgoRollout);
  const services = queue<KubeService>(SERVICE, reconcileEndpoints);
  const autoscalers = queue<Autoscaler>(AUTOSCALER, reconcileAutoscaler);
  const kubelet = new Kubelet(cluster);
  const balancers = new LoadBalancers(cluster);
  const gateways = new IngressGateways(cluster);
  const key = ({ metadata }: Change["object"]) => `${metadata.namespace}/${metadata.name}`;

  const silence = store.listen((change) => {
    const { resource, object, type } = change;
    if (type === "DELETED") collect(cluster, change);
    const owner = object.metadata.ownerReferences?.[0];
    const ownerKey = `${object.metadata.namespace}/${owner?.name}`;
    if (resource === DEPLOYMENT) {
      deployments.add(key(object));
      for (const each of store.list(AUTOSCALER, object.metadata.namespace)) autoscalers.add(key(each));
    } else if (resource === SET) {
      sets.add(key(object));
      if (owner?.kind === ROLLOUT.kind) rollouts.add(ownerKey);
      else if (owner) deployments.add(ownerKey);
    } else if (resource === ROLLOUT) {
      rollouts.add(key(object));
    } else if (resource === SERVICE) {
      services.add(key(object));
      if (type !== "DELETED") balancers.seen(object as KubeService);
    } else if (resource === AUTOSCALER) autoscalers.add(key(object));
    else if (resource === VIRTUAL_SERVICE && type !== "DELETED") gateways.seen(object as VirtualService);
    else if (resource.kind === "Pod") {
      if (type === "DELETED") kubelet.gone(object as Pod);
      else kubelet.seen(object as Pod);
      if (owner) sets.add(ownerKey);
      // A Recreate rollout waits for pods that are still going.
      for (const each of store.list(DEPLOYMENT, object.metadata.namespace)) deployments.add(key(each));
      for (const each of store.list(SERVICE, object.metadata.namespace)) services.add(key(each));
    }
  });
  const resync = world.clock.every(RESYNC_SECONDS * 1000, () => {
    for (const each of store.list<ReplicaSet>(SET)) if (each.spec!.minReadySeconds) sets.add(key(each));
    for (const each of store.list<Deployment>(DEPLOYMENT))
      if (each.status?.unavailableReplicas) deployments.add(key(each));
    for (const each of store.list<ArgoRollout>(ROLLOUT))
      if (each.status?.pauseConditions) rollouts.add(key(each));
  });
  world.onStop(async () => {
    silence();
    resync();
    for (const each of [deployments, sets, rollouts, services, autoscalers]) each.stop();
    await balancers.stop();
    await gateways.stop();
    await kubelet.stop();
  });
}

/** What a deleted object owned, and what was in a deleted namespace, goes too. */
function collect({ store }: Cluster, { resource, object }: Change): void {
  const { uid, name } = object.metadata;
  for (const type of RESOURCES)
    for (const each of store.list(type)) {
      const owned = each.metadata.ownerReferences?.some((owner) => owner.uid === uid);
      const inside = resource.kind === "Namespace" && each.metadata.namespace === name;
      if (
        owned ||
        inside ||
        (resource.kind === "Service" &&
          type.kind === "Endpoints" &&
          each.metadata.name === name &&
          each.metadata.namespace === object.metadata.namespace)
      )
        store.remove(type, each.metadata.namespace, each.metadata.name);
    }
}
