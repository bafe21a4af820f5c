import { stateOf, type World } from "../../world.ts";
import type { AccessEntry } from "./access/entries.ts";
import { timestamp } from "./objects.ts";
import { typeOf } from "./resources.ts";
import { Store } from "./store.ts";

/** One cluster: its objects, who may come in, and where its API server listens. */
export interface Cluster {
  name: string;
  world: World;
  store: Store;
  /** Principal's ARN → its access entry. */
  access: Map<string, AccessEntry>;
  /** Base name of the API server, `<id>.gr7.<region>.eks.amazonaws.com`. */
  host: string;
  /** Where it really listens; set when it does. */
  address: string;
  port: number;
  caPem: string;
  caFile: string;
  /** Lines that a pod's container wrote, newest last. */
  logs: Map<string, string[]>;
}

/** Clusters of a world by name. */
export const clusters = stateOf(() => new Map<string, Cluster>());

/** A cluster with the namespaces that every one has; nothing listens yet. */
export function newCluster(world: World, name: string, host: string): Cluster {
  const cluster: Cluster = {
    name,
    world,
    store: new Store(world.clock),
    access: new Map(),
    host,
    address: "",
    port: 0,
    caPem: "",
    caFile: "",
    logs: new Map(),
  };
  for (const namespace of ["default", "kube-system", "kube-public", "kube-node-lease"])
    cluster.store.create(typeOf("Namespace"), {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: namespace, labels: { "kubernetes.io/metadata.name": namespace } },
      status: { phase: "Active" },
    });
  clusters(world).set(name, cluster);
  return cluster;
}

/** Now, as Kubernetes writes it. */
export const now = ({ world }: Cluster): string => timestamp(world.clock.now());
