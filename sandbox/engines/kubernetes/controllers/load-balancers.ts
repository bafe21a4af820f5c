import { connect, createServer, type Server, type Socket } from "node:net";
import { allocateHost, openedPort } from "../../hosts.ts";
import type { Cluster } from "../cluster.ts";
import { digestOf } from "../digest.ts";
import type { Endpoints, KubeService } from "../objects.ts";
import { typeOf } from "../resources.ts";

/**
 * A network load balancer for every service of type LoadBalancer: each connection goes to one of the ready endpoints,
 * in turn; when there are none it is refused.
 */
export class LoadBalancers {
  readonly #cluster: Cluster;
  readonly #servers = new Map<string, Promise<Server[]>>();
  #turn = 0;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  seen(service: KubeService): void {
    const { name, namespace, uid } = service.metadata;
    if (service.spec?.type !== "LoadBalancer" || this.#servers.has(uid)) return;
    const { world } = this.#cluster;
    const hostname = `k8s-${namespace}-${name}-${digestOf(uid)}.elb.${world.region}.amazonaws.com`;
    const opening = this.#open(hostname, service);
    this.#servers.set(uid, opening);
    opening.then(
      () => this.#report(service, hostname),
      (error: unknown) => world.log("kubernetes", `load balancer of ${name}: ${String(error)}`),
    );
  }

  async #open(hostname: string, { metadata, spec }: KubeService): Promise<Server[]> {
    const ports = spec!.ports ?? [];
    const { address } = await allocateHost(
      this.#cluster.world,
      hostname,
      ports.map(({ port }) => port),
    );
    return Promise.all(
      ports.map(
        ({ port }, index) =>
          new Promise<Server>((resolve, reject) => {
            const server = createServer((socket) =>
              this.#forward(socket, metadata.namespace!, metadata.name, index),
            );
            server.once("error", reject);
            server.listen(openedPort(port), address, () => resolve(server));
          }),
      ),
    );
  }

  #forward(from: Socket, namespace: string, name: string, index: number): void {
    const [subset] = this.#cluster.store.get<Endpoints>(typeOf("Endpoints"), namespace, name)?.subsets ?? [];
    const ready = subset?.addresses ?? [];
    const port = subset?.ports[index]?.port;
    if (ready.length === 0 || port === undefined) return void from.destroy();
    this.#turn += 1;
    const to = connect(port, ready[this.#turn % ready.length]!.ip);
    from.pipe(to).pipe(from);
    const end = () => {
      from.destroy();
      to.destroy();
    };
    for (const socket of [from, to]) socket.on("error", end).on("close", end);
  }

  #report(service: KubeService, hostname: string): void {
    const { namespace, name } = service.metadata;
    const type = typeOf("Service");
    const current = this.#cluster.store.get<KubeService>(type, namespace, name);
    if (!current) return;
    this.#cluster.store.update<KubeService>(type, {
      ...current,
      metadata: { ...current.metadata, resourceVersion: "" },
      status: { loadBalancer: { ingress: [{ hostname }] } },
    });
  }

  async stop(): Promise<void> {
    const servers = (await Promise.allSettled(this.#servers.values())).flatMap((each) =>
      each.status === "fulfilled" ? each.value : [],
    );
    for (const server of servers) server.close();
  }
}
