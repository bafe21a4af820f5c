import { allocateHost, releaseHost } from "../../hosts.ts";
import { type Cluster, now } from "../cluster.ts";
import type { Condition, Pod, PodStatus } from "../objects.ts";
import { typeOf } from "../resources.ts";
import { RunningContainer } from "./container.ts";

const POD = typeOf("Pod");

/** Runs the pods of a cluster: one node with room for all. */
export class Kubelet {
  readonly #cluster: Cluster;
  readonly #running = new Map<string, { containers: RunningContainer[]; ending: boolean }>();
  #stopping = false;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** Looks at a pod that was made or changed. */
  seen(pod: Pod): void {
    const known = this.#running.get(pod.metadata.uid);
    if (pod.metadata.deletionTimestamp) {
      if (known && !known.ending) this.#end(pod, known);
      else if (!known) this.#remove(pod);
      return;
    }
    if (known || this.#stopping) return;
    const entry = { containers: [] as RunningContainer[], ending: false };
    this.#running.set(pod.metadata.uid, entry);
    this.#start(pod, entry).catch((error: unknown) => this.#failed(pod, error));
  }

  /** A pod that was taken away without its time to end. */
  gone(pod: Pod): void {
    const known = this.#running.get(pod.metadata.uid);
    this.#running.delete(pod.metadata.uid);
    for (const container of known?.containers ?? [])
      container.end(0).catch((error: unknown) => this.#failed(pod, error));
    this.#forget(pod);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(
      [...this.#running.values()].flatMap(({ containers }) => containers.map((each) => each.end(0))),
    );
  }

  #failed(pod: Pod, error: unknown): void {
    this.#cluster.world.log("kubernetes", `pod ${pod.metadata.name}: ${String(error)}`);
  }

  async #start(pod: Pod, entry: { containers: RunningContainer[]; ending: boolean }): Promise<void> {
    const { world } = this.#cluster;
    const spec = pod.spec!;
    if (spec.volumes?.length)
      world.warnOnce("Volumes of pods are not mounted by the sandbox: give values as environment variables");
    const ports = spec.containers.flatMap((each) =>
      (each.ports ?? []).map(({ containerPort }) => containerPort),
    );
    const { address } = await allocateHost(world, hostName(pod), ports);
    if (entry.ending || this.#stopping) return;
    entry.containers = spec.containers.map(
      (container) =>
        new RunningContainer(this.#cluster, pod, container, address, () =>
          this.#report(pod, address, entry.containers),
        ),
    );
    for (const each of entry.containers) each.start();
  }

  /** Writes what the containers are into the pod's status. */
  #report(pod: Pod, podIP: string, containers: RunningContainer[]): void {
    const current = this.#cluster.store.get<Pod>(POD, pod.metadata.namespace, pod.metadata.name);
    if (!current || current.metadata.uid !== pod.metadata.uid) return;
    const at = now(this.#cluster);
    const ready = containers.every(({ status }) => status.ready);
    const old = (type: string) => current.status?.conditions.find((each) => each.type === type);
    const condition = (type: string, holds: boolean): Condition => {
      const status = holds ? "True" : "False";
      const was = old(type);
      return { type, status, lastTransitionTime: was?.status === status ? was.lastTransitionTime! : at };
    };
    const running = containers.some(({ status }) => status.started || status.restartCount > 0);
    const status: PodStatus = {
      phase: running || current.status?.phase === "Running" ? "Running" : "Pending",
      conditions: [
        condition("PodScheduled", true),
        condition("Initialized", true),
        condition("ContainersReady", ready),
        condition("Ready", ready),
      ],
      hostIP: "10.0.0.1",
      podIP,
      podIPs: [{ ip: podIP }],
      startTime: current.status?.startTime ?? at,
      containerStatuses: containers.map((each) => structuredClone(each.status)),
    };
    this.#cluster.store.update<Pod>(POD, {
      ...current,
      metadata: { ...current.metadata, resourceVersion: "" },
      spec: { ...current.spec!, nodeName: "ip-10-0-0-1.ec2.internal" },
      status,
    });
  }

  #end(pod: Pod, entry: { containers: RunningContainer[]; ending: boolean }): void {
    entry.ending = true;
    const grace = pod.spec?.terminationGracePeriodSeconds ?? 30;
    Promise.all(entry.containers.map((each) => each.end(grace))).then(
      () => {
        this.#running.delete(pod.metadata.uid);
        this.#remove(pod);
      },
      (error: unknown) => this.#failed(pod, error),
    );
  }

  #remove(pod: Pod): void {
    const { namespace, name, uid } = pod.metadata;
    if (this.#cluster.store.get(POD, namespace, name)?.metadata.uid === uid)
      this.#cluster.store.remove(POD, namespace, name);
    this.#forget(pod);
  }

  #forget(pod: Pod): void {
    releaseHost(this.#cluster.world, hostName(pod));
  }
}

const hostName = ({ metadata }: Pod) => `${metadata.uid}.pod.cluster.local`;
