import { request as ask, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { certificateFor } from "../../ca.ts";
import { allocateHost, openedPort } from "../../hosts.ts";
import type { Cluster } from "../cluster.ts";
import type { Endpoints, KubeObject, Pod } from "../objects.ts";
import { typeOf } from "../resources.ts";
import { selects } from "../selectors.ts";

/** Where a part of the traffic goes. https://istio.io/latest/docs/reference/config/networking/virtual-service/ */
interface Share {
  destination: { host: string; subset?: string };
  weight?: number;
}
export interface VirtualService extends KubeObject {
  spec: { hosts?: string[]; gateways?: string[]; http?: { route?: Share[] }[] };
}
interface DestinationRule extends KubeObject {
  spec: { host: string; subsets?: { name: string; labels: Record<string, string> }[] };
}

/** Whose turn it is: over any hundred requests each share gets as many as its weight says. */
export class Turns {
  readonly #credit = new Map<string, number>();

  /** Undefined when every weight is 0. A single share without a weight gets everything. */
  next(shares: Share[]): Share | undefined {
    const weights = shares.map(({ weight }) => weight ?? (shares.length === 1 ? 100 : 0));
    const total = weights.reduce((sum, each) => sum + each, 0);
    let best: { share: Share; key: string; credit: number } | undefined;
    for (const [index, share] of shares.entries()) {
      if (weights[index] === 0) continue;
      const key = `${share.destination.host}/${share.destination.subset ?? ""}`;
      const credit = (this.#credit.get(key) ?? 0) + weights[index]!;
      this.#credit.set(key, credit);
      if (!best || credit > best.credit) best = { share, key, credit };
    }
    if (best) this.#credit.set(best.key, best.credit - total);
    return best?.share;
  }
}

/**
 * An Istio ingress gateway for every virtual service that names a gateway: its hosts are answered over HTTPS, each
 * request goes to a ready pod of the subset whose turn it is by the weights of the first HTTP route. Matches, rewrites,
 * retries and the Gateway object itself are not looked at.
 */
export class IngressGateways {
  readonly #cluster: Cluster;
  readonly #servers = new Map<string, Promise<Server>>();
  readonly #turns = new Map<string, Turns>();
  #pod = 0;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  seen({ metadata, spec }: VirtualService): void {
    const hosts = spec.hosts ?? [];
    if (!spec.gateways?.length || hosts.length === 0 || this.#servers.has(metadata.uid)) return;
    const opening = this.#open(hosts, metadata.namespace!, metadata.name);
    this.#servers.set(metadata.uid, opening);
    opening.catch((error: unknown) =>
      this.#cluster.world.log("kubernetes", `ingress gateway of ${metadata.name}: ${String(error)}`),
    );
  }

  async #open(hosts: string[], namespace: string, name: string): Promise<Server> {
    const { world } = this.#cluster;
    const { address } = await allocateHost(world, hosts[0]!, [443]);
    const { certPem, keyPem } = await certificateFor(world, hosts);
    const server = createServer({ cert: certPem, key: keyPem }, (message, response) =>
      this.#forward(message, response, namespace, name),
    );
    server.keepAliveTimeout = 30_000;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(openedPort(443), address, resolve);
    });
    return server;
  }

  #forward(message: IncomingMessage, response: ServerResponse, namespace: string, name: string): void {
    const to = this.#pick(namespace, name);
    if (!to) return void response.writeHead(503).end("no healthy upstream");
    const { method, url, headers } = message;
    const sent = ask({ host: to.ip, port: to.port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    sent.on("error", (error) => {
      if (response.headersSent) response.destroy();
      else response.writeHead(503).end(`upstream connect error: ${error.message}`);
    });
    message.pipe(sent);
  }

  /** A ready pod of the share whose turn it is. */
  #pick(namespace: string, name: string): { ip: string; port: number } | undefined {
    const { store } = this.#cluster;
    const found = store.get<VirtualService>(typeOf("VirtualService"), namespace, name);
    const turns = this.#turns.get(`${namespace}/${name}`) ?? new Turns();
    this.#turns.set(`${namespace}/${name}`, turns);
    const share = turns.next(found?.spec.http?.[0]?.route ?? []);
    if (!share) return undefined;
    const { host, subset } = share.destination;
    const labels = store
      .list<DestinationRule>(typeOf("DestinationRule"), namespace)
      .find(({ spec }) => spec.host === host)
      ?.spec.subsets?.find((each) => each.name === subset)?.labels;
    // A subset that no rule describes reaches nothing, as in Istio.
    if (subset !== undefined && !labels) return undefined;
    const [ready] = store.get<Endpoints>(typeOf("Endpoints"), namespace, host)?.subsets ?? [];
    const pods = (ready?.addresses ?? []).filter(({ targetRef }) => {
      const pod = targetRef && store.get<Pod>(typeOf("Pod"), namespace, targetRef.name);
      return pod && selects({ matchLabels: labels ?? {} }, pod.metadata.labels);
    });
    if (pods.length === 0) return undefined;
    this.#pod += 1;
    return { ip: pods[this.#pod % pods.length]!.ip, port: ready!.ports[0]!.port };
  }

  async stop(): Promise<void> {
    for (const each of await Promise.allSettled(this.#servers.values()))
      if (each.status === "fulfilled") {
        each.value.close();
        each.value.closeAllConnections();
      }
  }
}
