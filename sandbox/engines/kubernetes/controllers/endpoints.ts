import type { Cluster } from "../cluster.ts";
import type { EndpointAddress, Endpoints, KubeService, Pod } from "../objects.ts";
import { typeOf } from "../resources.ts";
import { selects } from "../selectors.ts";
import { isReady } from "./replica-sets.ts";

const ENDPOINTS = typeOf("Endpoints");

/** Keeps a service's endpoints: the addresses of the pods that it selects, ready and not. */
export function reconcileEndpoints(cluster: Cluster, service: KubeService): void {
  const { name, namespace } = service.metadata;
  const { selector, ports = [] } = service.spec ?? {};
  if (!selector || Object.keys(selector).length === 0) return;
  const pods = cluster.store
    .list<Pod>(typeOf("Pod"), namespace)
    .filter(({ metadata, status }) => selects({ matchLabels: selector }, metadata.labels) && status?.podIP);
  const address = ({ metadata, status }: Pod): EndpointAddress => ({
    ip: status!.podIP!,
    targetRef: { kind: "Pod", name: metadata.name, namespace: namespace!, uid: metadata.uid },
  });
  const good = (pod: Pod) => isReady(pod) && !pod.metadata.deletionTimestamp;
  const ready = pods.filter(good).map(address);
  const notReady = pods.filter((pod) => !good(pod) && !pod.metadata.deletionTimestamp).map(address);
  const subsets =
    ready.length + notReady.length === 0
      ? []
      : [
          {
            ...(ready.length ? { addresses: ready } : {}),
            ...(notReady.length ? { notReadyAddresses: notReady } : {}),
            ports: ports.map(({ name: own, targetPort, port, protocol = "TCP" }) => ({
              ...(own ? { name: own } : {}),
              port: typeof targetPort === "number" ? targetPort : (namedPort(pods, targetPort) ?? port),
              protocol,
            })),
          },
        ];
  const existing = cluster.store.get<Endpoints>(ENDPOINTS, namespace, name);
  if (existing)
    cluster.store.update<Endpoints>(ENDPOINTS, {
      ...existing,
      metadata: { ...existing.metadata, resourceVersion: "" },
      subsets,
    });
  else
    cluster.store.create<Endpoints>(ENDPOINTS, {
      apiVersion: "v1",
      kind: "Endpoints",
      metadata: { name, namespace, labels: service.metadata.labels },
      subsets,
    });
}

const namedPort = (pods: Pod[], wanted: string | undefined): number | undefined =>
  pods
    .flatMap(({ spec }) => spec!.containers.flatMap(({ ports = [] }) => ports))
    .find(({ name }) => name === wanted)?.containerPort;
