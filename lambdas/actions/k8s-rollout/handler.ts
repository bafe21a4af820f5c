import type * as z from "zod";
import { refusal } from "../../runtime/errors.ts";
import { changedMeanwhile, changeObject } from "../../runtime/kubernetes/change.ts";
import { type Kubernetes, kubernetes } from "../../runtime/kubernetes/client.ts";
import { keptBy } from "../../runtime/kubernetes/kept-by.ts";
import { deploymentTemplate } from "../../runtime/kubernetes/manifest.ts";
import { nameOf, savedText, versionOf } from "../../runtime/kubernetes/saved.ts";
import {
  type Deployment,
  deploymentOf,
  historyOf,
  imagesOf,
  pathOf,
  plainTemplate,
  revisionOf,
  rolloutOf,
  templateDigest,
  type Workload,
} from "../../runtime/kubernetes/workload.ts";
import { type StepContext, serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { k8sRollout } from "./spec.ts";
import { type Chosen, chosen } from "./target.ts";
import { CAUSE, currentTemplate, type Resolved, targetTemplate } from "./templates.ts";

type Input = z.output<typeof k8sRollout.input>;
type Before = z.output<typeof k8sRollout.before>;

/** Gives the deployment one template in the place of another, and the pause that belongs to it. */
async function bring(
  api: Kubernetes,
  input: Workload,
  { uid }: Before,
  { from, to, paused }: { from: string; to: Resolved; paused: boolean },
): Promise<Deployment> {
  return changeObject<Deployment>(api, pathOf.deployment(input.namespace, input.deployment), (found) => {
    const digest = templateDigest(found.spec.template);
    if (found.metadata.uid !== uid || (digest !== to.digest && digest !== from))
      throw changedMeanwhile(
        api,
        `deployment ${input.namespace}/${input.deployment}`,
        `at another template (${imagesOf(found.spec.template)})`,
      );
    if (digest === to.digest && (found.spec.paused ?? false) === paused) return undefined;
    const { [CAUSE]: _, ...annotations } = found.metadata.annotations ?? {};
    return {
      ...found,
      metadata: {
        ...found.metadata,
        annotations: { ...annotations, ...(to.cause ? { [CAUSE]: to.cause } : {}) },
      },
      spec: { ...found.spec, paused, template: to.template },
    };
  });
}

/** The saved manifest that is meant, and its template as it was saved. */
async function savedTarget(input: Input, { run }: StepContext): Promise<Chosen & { version: string }> {
  const version = await versionOf(input.from!, run);
  const text = await savedText(input.from!, version);
  const template = await deploymentTemplate(text, nameOf(input.from!, version), input.deployment);
  return { template: plainTemplate(template), version };
}

export const verbs: Verbs<Input, Before> = {
  async preflight(input, context) {
    const api = await kubernetes(input.cluster, context);
    const found = await deploymentOf(api, input);
    const history = await historyOf(api, found);
    const digest = templateDigest(found.spec.template);
    const current = history.find((set) => templateDigest(set.spec.template) === digest);
    const what = `${input.namespace}/${input.deployment}`;
    if (!current)
      throw refusal(
        `The template of ${what} is in no revision${found.spec.paused ? ", since it was changed while the deployment was paused" : ""}: this run could not bring it back. Nothing was changed. ${found.spec.paused ? "Resume it, or undo by hand." : "Wait a moment and try again."}`,
      );
    const saved = input.from ? await savedTarget(input, context) : undefined;
    const lastGood = context.run.lastGood?.version;
    const target = saved ?? chosen(input, { what, found, current, history, lastGood });
    const images = `${imagesOf(found.spec.template)} → ${imagesOf(target.template)}`;
    const before: Before = {
      uid: found.metadata.uid,
      paused: found.spec.paused ?? false,
      current: { replicaSet: current.metadata.name, digest },
      target: {
        ...(target.set ? { replicaSet: target.set.metadata.name } : {}),
        ...(input.image ? { image: input.image, container: target.container } : {}),
        ...(saved ? { savedVersion: saved.version } : {}),
        digest: templateDigest(target.template),
      },
    };
    return {
      before,
      after: {
        image: imagesOf(target.template),
        ...(target.set ? { revision: revisionOf(target.set) } : {}),
      },
      summary:
        before.target.digest === digest
          ? `${what} is at ${imagesOf(found.spec.template)} already`
          : `${what}: ${target.set ? `revision ${revisionOf(current)} → the template of revision ${revisionOf(target.set)}, ` : saved ? `${nameOf(input.from!, saved.version)}, ` : ""}${images}`,
      evidence: [
        ...history.map(
          (set) =>
            `revision ${revisionOf(set)}: ${imagesOf(set.spec.template)}${set === current ? " (runs now)" : ""}${set === target.set ? " (comes back)" : ""}`,
        ),
        ...keptBy(found.metadata),
      ],
      keeps: [
        `the template of revision ${revisionOf(current)} of ${what}, as replica set ${current.metadata.name}`,
      ],
    };
  },

  async apply(input, { before }, context) {
    const api = await kubernetes(input.cluster, context);
    const to = await targetTemplate(api, input, before);
    const found = await bring(api, input, before, { from: before.current.digest, to, paused: false });
    return {
      done: false,
      note: `${input.deployment} is to run ${imagesOf(found.spec.template)}`,
      progress: { digest: to.digest },
    };
  },

  async revert(input, { before }, context) {
    const api = await kubernetes(input.cluster, context);
    const { digest: from } = await targetTemplate(api, input, before);
    const to = await currentTemplate(api, input, before);
    const found = await bring(api, input, before, { from, to, paused: before.paused });
    return { done: false, note: `${input.deployment} is to run ${imagesOf(found.spec.template)} again` };
  },

  async poll(input, { before }, { phase, progress, ...context }) {
    const api = await kubernetes(input.cluster, context);
    const found = await deploymentOf(api, input);
    const { digest = before.target.digest } = (progress ?? {}) as { digest?: string };
    const wanted = phase === "apply" ? digest : before.current.digest;
    if (templateDigest(found.spec.template) !== wanted)
      throw changedMeanwhile(
        api,
        `deployment ${input.namespace}/${input.deployment}`,
        `at ${imagesOf(found.spec.template)}`,
      );
    const outputs = { revision: revisionOf(found), image: imagesOf(found.spec.template) };
    // What was broken or paused before the run is no better after it was put back.
    if (phase === "revert") {
      const seen = (found.status?.observedGeneration ?? 0) >= (found.metadata.generation ?? 0);
      return { done: seen, note: `${input.deployment} has its template again`, outputs };
    }
    return { ...rolloutOf(found), outputs, progress: { digest } };
  },
};

export const handler = serveAction(k8sRollout, verbs);
