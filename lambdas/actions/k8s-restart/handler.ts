import type * as z from "zod";
import { changedMeanwhile, changeObject } from "../../runtime/kubernetes/change.ts";
import { kubernetes } from "../../runtime/kubernetes/client.ts";
import {
  type Deployment,
  deploymentOf,
  pathOf,
  revisionOf,
  rolloutOf,
} from "../../runtime/kubernetes/workload.ts";
import { type StepContext, serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { k8sRestart } from "./spec.ts";

type Input = z.output<typeof k8sRestart.input>;
type Before = z.output<typeof k8sRestart.before>;

/** A template that differs in nothing but this is rolled out like any other: every pod is made anew, once a run. */
const MARK = "rollback-watchdog/restarted-by";
const markOf = ({ spec }: Deployment) => spec.template.metadata?.annotations?.[MARK];
const ownMark = ({ run, step }: StepContext) => `${run.id}/${step.id}`;

async function mark(input: Input, { uid, mark: old }: Before, to: string | undefined, context: StepContext) {
  const api = await kubernetes(input.cluster, context);
  await changeObject<Deployment>(api, pathOf.deployment(input.namespace, input.deployment), (found) => {
    const now = markOf(found);
    if (found.metadata.uid !== uid || (now !== old && now !== ownMark(context)))
      throw changedMeanwhile(
        api,
        `deployment ${input.namespace}/${input.deployment}`,
        `restarted by ${now ?? "nobody"}`,
      );
    if (now === to) return undefined;
    const { template } = found.spec;
    const { [MARK]: _, ...annotations } = template.metadata?.annotations ?? {};
    const metadata = { ...template.metadata, annotations: { ...annotations, ...(to ? { [MARK]: to } : {}) } };
    return { ...found, spec: { ...found.spec, template: { ...template, metadata } } };
  });
  return { done: false, note: `the pods of ${input.deployment} are made anew` };
}

export const verbs: Verbs<Input, Before> = {
  async preflight(input, context) {
    const found = await deploymentOf(await kubernetes(input.cluster, context), input);
    const old = markOf(found);
    return {
      before: { uid: found.metadata.uid, ...(old ? { mark: old } : {}) },
      after: { restarted: true },
      summary: `${input.namespace}/${input.deployment}: all ${found.spec.replicas ?? 1} pods are made anew`,
    };
  },
  apply: (input, { before }, context) => mark(input, before, ownMark(context), context),
  revert: (input, { before }, context) => mark(input, before, before.mark, context),
  async poll(input, _, { phase, ...context }) {
    const found = await deploymentOf(await kubernetes(input.cluster, context), input);
    const outputs = { revision: revisionOf(found) };
    if (phase === "revert")
      return { done: true, note: `${input.deployment} has its template again`, outputs };
    return { ...rolloutOf(found), outputs };
  },
};

export const handler = serveAction(k8sRestart, verbs);
