import type * as z from "zod";
import { refusal } from "../../runtime/errors.ts";
import { changedMeanwhile, changeObject } from "../../runtime/kubernetes/change.ts";
import { type Kubernetes, kubernetes } from "../../runtime/kubernetes/client.ts";
import {
  type Deployment,
  deploymentOf,
  historyOf,
  imagesOf,
  pathOf,
  plainTemplate,
  type ReplicaSet,
  revisionOf,
  rolloutOf,
  type Template,
  templateDigest,
  type Workload,
} from "../../runtime/kubernetes/workload.ts";
import { serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { k8sRollout } from "./spec.ts";
import { chosen, withImage } from "./target.ts";

type Input = z.output<typeof k8sRollout.input>;
type Before = z.output<typeof k8sRollout.before>;
const CAUSE = "kubernetes.io/change-cause";

/** Gives the deployment one template in the place of another, and the pause that belongs to it. */
async function bring(
  api: Kubernetes,
  input: Workload,
  { uid }: Before,
  move: { from: string; to: string; template: Template; paused: boolean; cause: string | undefined },
): Promise<Deployment> {
  return changeObject<Deployment>(api, pathOf.deployment(input.namespace, input.deployment), (found) => {
    const digest = templateDigest(found.spec.template);
    if (found.metadata.uid !== uid || (digest !== move.to && digest !== move.from))
      throw changedMeanwhile(
        api,
        `deployment ${input.namespace}/${input.deployment}`,
        `at another template (${imagesOf(found.spec.template)})`,
      );
    if (digest === move.to && (found.spec.paused ?? false) === move.paused) return undefined;
    const { [CAUSE]: _, ...annotations } = found.metadata.annotations ?? {};
    return {
      ...found,
      metadata: {
        ...found.metadata,
        annotations: { ...annotations, ...(move.cause ? { [CAUSE]: move.cause } : {}) },
      },
      spec: { ...found.spec, paused: move.paused, template: move.template },
    };
  });
}

/** The template that a replica set keeps. */
async function kept(api: Kubernetes, { namespace }: Workload, name: string): Promise<ReplicaSet> {
  const found = (await api.list<ReplicaSet>(pathOf.replicaSets(namespace))).find(
    ({ metadata }) => metadata.name === name,
  );
  if (!found) throw changedMeanwhile(api, `replica set ${namespace}/${name}`, "gone");
  return found;
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
    const target = chosen(input, { what, found, current, history, lastGood: context.run.lastGood?.version });
    const images = `${imagesOf(found.spec.template)} → ${imagesOf(target.template)}`;
    const before: Before = {
      uid: found.metadata.uid,
      paused: found.spec.paused ?? false,
      current: { replicaSet: current.metadata.name, digest },
      target: {
        ...(target.set ? { replicaSet: target.set.metadata.name } : {}),
        ...(input.image ? { image: input.image, container: target.container } : {}),
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
          : `${what}: ${target.set ? `revision ${revisionOf(current)} → the template of revision ${revisionOf(target.set)}, ` : ""}${images}`,
      evidence: history.map(
        (set) =>
          `revision ${revisionOf(set)}: ${imagesOf(set.spec.template)}${set === current ? " (runs now)" : ""}${set === target.set ? " (comes back)" : ""}`,
      ),
      keeps: [
        `the template of revision ${revisionOf(current)} of ${what}, as replica set ${current.metadata.name}`,
      ],
    };
  },

  async apply(input, { before }, context) {
    const api = await kubernetes(input.cluster, context);
    const { target, current } = before;
    const set = await kept(api, input, target.replicaSet ?? current.replicaSet);
    const plain = plainTemplate(set.spec.template);
    const template = target.image ? withImage(plain, target.container!, target.image) : plain;
    const cause = target.image ? undefined : set.metadata.annotations?.[CAUSE];
    const found = await bring(api, input, before, {
      from: current.digest,
      to: target.digest,
      template,
      paused: false,
      cause,
    });
    return { done: false, note: `${input.deployment} is to run ${imagesOf(found.spec.template)}` };
  },

  async revert(input, { before }, context) {
    const api = await kubernetes(input.cluster, context);
    const { target, current, paused } = before;
    const set = await kept(api, input, current.replicaSet);
    const template = plainTemplate(set.spec.template);
    const cause = set.metadata.annotations?.[CAUSE];
    const found = await bring(api, input, before, {
      from: target.digest,
      to: current.digest,
      template,
      paused,
      cause,
    });
    return { done: false, note: `${input.deployment} is to run ${imagesOf(found.spec.template)} again` };
  },

  async poll(input, { before }, { phase, ...context }) {
    const api = await kubernetes(input.cluster, context);
    const found = await deploymentOf(api, input);
    const wanted = phase === "apply" ? before.target.digest : before.current.digest;
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
    return { ...rolloutOf(found), outputs };
  },
};

export const handler = serveAction(k8sRollout, verbs);
