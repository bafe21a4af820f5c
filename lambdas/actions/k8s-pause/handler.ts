import type * as z from "zod";
import { changedMeanwhile, changeObject } from "../../runtime/kubernetes/change.ts";
import { kubernetes } from "../../runtime/kubernetes/client.ts";
import { type Deployment, deploymentOf, pathOf } from "../../runtime/kubernetes/workload.ts";
import { type StepContext, serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { k8sPause } from "./spec.ts";

type Input = z.output<typeof k8sPause.input>;
type Before = z.output<typeof k8sPause.before>;

const say = ({ namespace, deployment }: Input, paused: boolean) =>
  `${namespace}/${deployment} is ${paused ? "paused" : "not paused"}`;

/** Both ways are harmless twice, so what somebody else set meanwhile is no reason to stop. */
async function set(input: Input, { uid }: Before, paused: boolean, context: StepContext) {
  const api = await kubernetes(input.cluster, context);
  await changeObject<Deployment>(api, pathOf.deployment(input.namespace, input.deployment), (found) => {
    if (found.metadata.uid !== uid)
      throw changedMeanwhile(
        api,
        `deployment ${input.namespace}/${input.deployment}`,
        "another one of this name",
      );
    if ((found.spec.paused ?? false) === paused) return undefined;
    return { ...found, spec: { ...found.spec, paused } };
  });
  return { done: true, note: say(input, paused), outputs: { paused } };
}

export const verbs: Verbs<Input, Before> = {
  async preflight(input, context) {
    const { metadata, spec } = await deploymentOf(await kubernetes(input.cluster, context), input);
    const paused = spec.paused ?? false;
    return {
      before: { uid: metadata.uid, paused },
      after: { paused: true },
      summary: paused
        ? `${say(input, true)} already`
        : `${input.namespace}/${input.deployment}: running → paused`,
      expects: { paused: true },
    };
  },
  apply: (input, { before }, context) => set(input, before, true, context),
  revert: (input, { before }, context) => set(input, before, before.paused, context),
  async poll(input, { before }, { phase, ...context }) {
    const { spec } = await deploymentOf(await kubernetes(input.cluster, context), input);
    const wanted = phase === "apply" ? true : before.paused;
    const paused = spec.paused ?? false;
    return { done: paused === wanted, note: say(input, paused), outputs: { paused } };
  },
};

export const handler = serveAction(k8sPause, verbs);
