import type * as z from "zod";
import { WatchdogError } from "../../runtime/errors.ts";
import { changedMeanwhile, changeObject } from "../../runtime/kubernetes/change.ts";
import { type KubeObject, kubernetes } from "../../runtime/kubernetes/client.ts";
import { keptBy } from "../../runtime/kubernetes/kept-by.ts";
import {
  type Deployment,
  deploymentOf,
  isReady,
  type Pod,
  pathOf,
} from "../../runtime/kubernetes/workload.ts";
import { type StepContext, serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { k8sScale } from "./spec.ts";

type Input = z.output<typeof k8sScale.input>;
type Before = z.output<typeof k8sScale.before>;
interface Autoscaler extends KubeObject {
  spec: { scaleTargetRef: { kind: string; name: string } };
}

const sizeOf = ({ spec }: Deployment) => spec.replicas ?? 1;

async function size(input: Input, before: Before, to: number, context: StepContext) {
  const api = await kubernetes(input.cluster, context);
  // Where the size comes back to what was found, this step's own plan made it smaller in between.
  const own = [before.replicas, before.wanted, ...(input.replicas === "as-found" ? [0] : [])];
  await changeObject<Deployment>(api, pathOf.deployment(input.namespace, input.deployment), (found) => {
    const replicas = sizeOf(found);
    const known = own.includes(replicas) || (before.autoscaled && replicas > 0);
    if (found.metadata.uid !== before.uid || !known)
      throw changedMeanwhile(
        api,
        `deployment ${input.namespace}/${input.deployment}`,
        `at ${replicas} replicas`,
      );
    return replicas === to ? undefined : { ...found, spec: { ...found.spec, replicas: to } };
  });
  return {
    done: false,
    note: `${input.deployment} is to have ${to} pods`,
    progress: { since: context.now() },
  };
}

export const verbs: Verbs<Input, Before> = {
  async preflight(input, context) {
    const api = await kubernetes(input.cluster, context);
    const found = await deploymentOf(api, input);
    const autoscalers = await api.list<Autoscaler>(pathOf.autoscalers(input.namespace));
    const autoscaled = autoscalers.some(
      ({ spec }) =>
        spec.scaleTargetRef.kind === "Deployment" && spec.scaleTargetRef.name === input.deployment,
    );
    const replicas = sizeOf(found);
    const wanted = input.replicas === "as-found" ? replicas : input.replicas;
    const what = `${input.namespace}/${input.deployment}`;
    return {
      before: { uid: found.metadata.uid, replicas, wanted, autoscaled },
      after: { replicas: wanted },
      summary:
        input.replicas === "as-found"
          ? `${what}: back to its ${replicas} pods`
          : `${what}: ${replicas} → ${wanted} pods`,
      evidence: keptBy(found.metadata),
      expects: { replicas: wanted },
    };
  },
  apply: (input, { before }, context) => size(input, before, before.wanted, context),
  revert: (input, { before }, context) => size(input, before, before.replicas, context),
  async poll(input, { before }, { phase, progress, ...context }) {
    const api = await kubernetes(input.cluster, context);
    const { spec } = await deploymentOf(api, input);
    const wanted = phase === "apply" ? before.wanted : before.replicas;
    const pods = await api.list<Pod>(pathOf.pods(input.namespace), spec.selector.matchLabels);
    const outputs = { replicas: pods.length };
    // What was broken before the run need not become ready when its size is put back.
    if (phase === "revert")
      return {
        done: (spec.replicas ?? 1) === wanted,
        note: `${input.deployment} has its ${wanted} replicas again`,
        outputs,
      };
    const ready = pods.filter(isReady).length;
    const note =
      wanted === 0
        ? `${pods.length} pods of ${input.deployment} are still going`
        : `${ready} of ${wanted} pods of ${input.deployment} are ready`;
    const { since = context.now() } = (progress ?? {}) as { since?: number };
    if (wanted === 0 && pods.length > 0 && context.now() - since > input.goneWithin * 1000)
      throw new WatchdogError(
        "WorkFailed",
        `${pods.map(({ metadata }) => metadata.name).join(", ")} of ${input.namespace}/${input.deployment} did not go within ${input.goneWithin} s. The deployment is scaled to 0. Look what holds them (finalizers, a node that is gone).`,
      );
    const done = wanted === 0 ? pods.length === 0 : ready >= wanted && pods.length === ready;
    return { done, note, outputs, progress: { since } };
  },
};

export const handler = serveAction(k8sScale, verbs);
