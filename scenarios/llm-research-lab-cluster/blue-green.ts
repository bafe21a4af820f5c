import { until } from "../until.ts";
import type { Level } from "./level.ts";
import { isError } from "./load.ts";
import { BAD, CLUSTER, deployment, GOOD, NAMESPACE, service } from "./world.ts";

const NAME = "llm-research-api";
const labels = (version: string) => ({ app: NAME, version });

interface Seen {
  apiVersion: string;
  kind: string;
  metadata: never;
  spec: { selector: Record<string, string> };
  status?: { readyReplicas?: number };
}

/** R4: two deployments, and a service whose selector says which of them is live. */
export const blueGreen: Level = {
  name: "blue-green",
  workload: "api",
  async prepare({ sandbox, apply, balanced }) {
    const { get } = sandbox.cluster(CLUSTER);
    await apply(deployment(`${NAME}-blue`, GOOD, labels("blue")));
    await apply(deployment(`${NAME}-green`, GOOD, labels("green"), { replicas: 0 }));
    await apply(service(NAME, labels("blue"), "LoadBalancer"));
    const target = await balanced(NAME, "api");
    return {
      target,
      async release() {
        await apply(deployment(`${NAME}-green`, BAD, labels("green")));
        // As any pipeline does: the switch waits for readiness, which knows nothing of the defect.
        await until("green to be ready", async () => {
          const { status } = await get<Seen>("Deployment", NAMESPACE, `${NAME}-green`);
          return status?.readyReplicas === 2;
        });
        await apply(service(NAME, labels("green"), "LoadBalancer"));
        return [`release ${BAD}: green is ready, and the service ${NAME} points at it`];
      },
      async expectations(_run, { all, after }) {
        const live = await get<Seen>("Service", NAMESPACE, NAME);
        const green = await get<Seen>("Deployment", NAMESPACE, `${NAME}-green`);
        const bad = all.filter(({ version }) => version === BAD).length;
        const old = after.filter(({ version }) => version === GOOD).length;
        const cut = all.filter(({ status }) => status === 0).length;
        return [
          {
            text: "the service points at blue again",
            held: live.spec.selector["version"] === "blue",
            detail: `its selector is version=${live.spec.selector["version"]}`,
          },
          {
            text: "the release really answered users, and none since",
            held: bad > 0 && after.length > 0 && old === after.length,
            detail: `${bad} answers of ${BAD} before, then ${old} of ${after.length} of ${GOOD}`,
          },
          {
            text: "no request was cut off by the switch, and none fails since",
            held: cut === 0 && !after.some(isError),
            detail: `${cut} of ${all.length} had no answer, ${after.filter(isError).length} failed since`,
          },
          {
            text: "green is kept for whoever looks for the cause",
            held: green.status?.readyReplicas === 2,
            detail: `${green.status?.readyReplicas ?? 0} ready pods`,
          },
        ];
      },
    };
  },
};
