import type { EndedRun } from "../scenario.ts";
import { until } from "../until.ts";
import type { Level } from "./level.ts";
import { isError } from "./load.ts";
import { BAD, CLUSTER, deployment, GOOD, hostName, NAMESPACE, service } from "./world.ts";

const NAME = "llm-research-gateway";
const labels = (track: string) => ({ app: NAME, track });
const PLAIN = { tls: false };
const EMPTY = { tls: false, replicas: 0 };
/** Percent of the traffic that the release begins with. */
const SHARE = 20;

interface Routes {
  apiVersion: string;
  kind: string;
  metadata: never;
  spec: { http: { route: { destination: { subset: string }; weight: number }[] }[] };
}
interface Pods {
  apiVersion: string;
  kind: string;
  metadata: never;
  status?: { readyReplicas?: number };
}

const istio = (kind: string, spec: object) => ({
  apiVersion: "networking.istio.io/v1",
  kind,
  metadata: { name: NAME, namespace: NAMESPACE },
  spec,
});

const virtualService = (stable: number, canary: number) =>
  istio("VirtualService", {
    hosts: [hostName("gateway")],
    gateways: ["public"],
    http: [
      {
        route: [
          { destination: { host: NAME, subset: "stable" }, weight: stable },
          { destination: { host: NAME, subset: "canary" }, weight: canary },
        ],
      },
    ],
  });

/** R5: a share of the traffic for the release, said by a virtual service. */
export const canary: Level = {
  name: "canary",
  workload: "gateway",
  async prepare({ sandbox, apply, named }) {
    const { get, list } = sandbox.cluster(CLUSTER);
    await apply(deployment(`${NAME}-stable`, GOOD, labels("stable"), PLAIN));
    await apply(deployment(`${NAME}-canary`, GOOD, labels("canary"), EMPTY));
    await apply(service(NAME, { app: NAME }, "ClusterIP"));
    const subsets = ["stable", "canary"].map((name) => ({ name, labels: { track: name } }));
    await apply(istio("DestinationRule", { host: NAME, subsets }));
    await apply(virtualService(100, 0));
    return {
      target: await named("gateway"),
      async release() {
        await apply(deployment(`${NAME}-canary`, BAD, labels("canary"), PLAIN));
        await until("the canary to be ready", async () => {
          const { status } = await get<Pods>("Deployment", NAMESPACE, `${NAME}-canary`);
          return status?.readyReplicas === 2;
        });
        await apply(virtualService(100 - SHARE, SHARE));
        return [`release ${BAD}: the canary of ${NAME} gets ${SHARE} % of the traffic`];
      },
      async expectations(run: EndedRun, { all, after }) {
        const { spec } = await get<Routes>("VirtualService", NAMESPACE, NAME);
        const weights = spec.http[0]!.route.map(({ weight }) => weight);
        const pods = await list<Pods>("Pod", NAMESPACE, "track=canary");
        const cutAt = sandbox.world.clock.toMachine(run.enteredAt("Apply canary") ?? Number.NaN);
        // The weights were moved after the release's pods were ready, so the share is a little less.
        const before = all.filter(({ sentAt }) => sentAt < cutAt);
        const got = before.filter(({ version }) => version === BAD).length;
        const share = (100 * got) / Math.max(1, before.length);
        const stray = after.filter(({ version }) => version !== GOOD).length;
        return [
          {
            text: "all traffic is the stable version's, the canary has no pod",
            held: weights.join("/") === "100/0" && pods.length === 0,
            detail: `weights ${weights.join("/")}, ${pods.length} pods of the canary`,
          },
          {
            text: "the canary really had its share, and nothing since",
            held: share > SHARE / 4 && share < SHARE * 1.5 && after.length > 0 && stray === 0,
            detail: `${share.toFixed(0)} % of ${before.length} requests before, ${stray} of ${after.length} since`,
          },
          {
            text: "none fails since",
            held: after.length > 0 && !after.some(isError),
            detail: `${after.filter(isError).length} of ${after.length} failed`,
          },
        ];
      },
    };
  },
};
