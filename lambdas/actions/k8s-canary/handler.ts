import type * as z from "zod";
import { refusal } from "../../runtime/errors.ts";
import { changedMeanwhile, changeObject, digestOf } from "../../runtime/kubernetes/change.ts";
import { type KubeObject, type Kubernetes, kubernetes } from "../../runtime/kubernetes/client.ts";
import {
  type Deployment,
  deploymentOf,
  isReady,
  type Pod,
  pathOf,
} from "../../runtime/kubernetes/workload.ts";
import { serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { k8sCanary } from "./spec.ts";
import { allToStable, type Route, weightOf } from "./weights.ts";

type Input = z.output<typeof k8sCanary.input>;
type Before = z.output<typeof k8sCanary.before>;
interface VirtualService extends KubeObject {
  spec: { http?: Route[] };
}

const pathOfRoutes = ({ namespace, virtualService }: Input) =>
  pathOf.virtualService(namespace, virtualService);
const routesOf = ({ routes }: Before) => routes as Route[];
const stableOnly = ({ stable, canary }: Input, before: Before) =>
  allToStable(routesOf(before), stable, canary);

/** Without `to` it only looks whether the routes are those of this run. */
async function weigh(api: Kubernetes, input: Input, before: Before, to?: Route[]): Promise<void> {
  const known = [routesOf(before), stableOnly(input, before)].map(digestOf);
  await changeObject<VirtualService>(api, pathOfRoutes(input), (found) => {
    const now = found.spec.http ?? [];
    if (found.metadata.uid !== before.uid || !known.includes(digestOf(now)))
      throw changedMeanwhile(
        api,
        `virtual service ${input.namespace}/${input.virtualService}`,
        `giving ${input.canary} ${weightOf(now, input.canary)} %`,
      );
    if (!to || digestOf(now) === digestOf(to)) return undefined;
    return { ...found, spec: { ...found.spec, http: to } };
  });
}

async function scale(api: Kubernetes, input: Input, before: Before, to: number): Promise<void> {
  await changeObject<Deployment>(api, pathOf.deployment(input.namespace, input.deployment), (found) => {
    const now = found.spec.replicas ?? 1;
    if (found.metadata.uid !== before.deployment || ![before.replicas, 0].includes(now))
      throw changedMeanwhile(api, `deployment ${input.namespace}/${input.deployment}`, `at ${now} replicas`);
    return now === to ? undefined : { ...found, spec: { ...found.spec, replicas: to } };
  });
}

async function podsOf(api: Kubernetes, input: Input): Promise<Pod[]> {
  const { spec } = await deploymentOf(api, input);
  return api.list<Pod>(pathOf.pods(input.namespace), spec.selector.matchLabels);
}

export const verbs: Verbs<Input, Before> = {
  async preflight(input, context) {
    const api = await kubernetes(input.cluster, context);
    const what = `virtual service ${input.namespace}/${input.virtualService}`;
    const found = await api.get<VirtualService>(pathOfRoutes(input));
    if (!found)
      throw refusal(
        `There is no ${what} in the cluster ${input.cluster}. Nothing was changed. Correct the plan.`,
      );
    const routes = found.spec.http ?? [];
    const both = routes.some(({ route = [] }) =>
      [input.stable, input.canary].every((subset) =>
        route.some(({ destination }) => destination?.subset === subset),
      ),
    );
    if (!both)
      throw refusal(
        `No route of ${what} leads to both ${input.stable} and ${input.canary}. Nothing was changed. Correct the plan.`,
      );
    const { metadata, spec } = await deploymentOf(api, input);
    const replicas = spec.replicas ?? 1;
    const ready = (await podsOf(api, input)).filter(isReady).length;
    const weight = weightOf(routes, input.canary);
    return {
      before: { uid: found.metadata.uid, routes, deployment: metadata.uid, replicas, ready },
      after: { weight: 0, replicas: 0 },
      summary: `${what}: ${input.canary} ${weight} % → 0 %, and ${input.deployment} ${replicas} → 0 pods`,
      expects: { weight: 0, replicas: 0 },
    };
  },
  /** No traffic first, then no pods. */
  async apply(input, { before }, context) {
    const api = await kubernetes(input.cluster, context);
    await weigh(api, input, before, stableOnly(input, before));
    await scale(api, input, before, 0);
    return { done: false, note: `${input.stable} gets all traffic, ${input.deployment} goes` };
  },
  async revert(input, { before }, context) {
    const api = await kubernetes(input.cluster, context);
    await scale(api, input, before, before.replicas);
    const ready = (await podsOf(api, input)).filter(isReady).length;
    if (ready < before.ready) {
      await weigh(api, input, before);
      return { done: false, note: `${ready} of ${before.ready} pods of the canary are ready` };
    }
    await weigh(api, input, before, routesOf(before));
    return {
      done: true,
      note: `${input.canary} gets its share again`,
      outputs: { weight: weightOf(routesOf(before), input.canary), replicas: ready },
    };
  },
  async poll(input, { before }, { phase, ...context }) {
    const api = await kubernetes(input.cluster, context);
    const routes = (await api.get<VirtualService>(pathOfRoutes(input)))?.spec.http ?? [];
    const weight = weightOf(routes, input.canary);
    const pods = await podsOf(api, input);
    const outputs = { weight, replicas: pods.length };
    const note = `${input.canary} gets ${weight} % and has ${pods.length} pods`;
    if (phase === "apply") return { done: weight === 0 && pods.length === 0, note, outputs };
    const done = digestOf(routes) === digestOf(routesOf(before));
    const ready = pods.filter(isReady).length >= before.ready;
    return { done, note, outputs, ...(ready && !done ? { again: true } : {}) };
  },
};

export const handler = serveAction(k8sCanary, verbs);
