import type * as z from "zod";
import { changedMeanwhile, changeObject } from "../../runtime/kubernetes/change.ts";
import type { Kubernetes } from "../../runtime/kubernetes/client.ts";
import { deploymentTemplate } from "../../runtime/kubernetes/manifest.ts";
import { nameOf, savedText } from "../../runtime/kubernetes/saved.ts";
import {
  type Deployment,
  pathOf,
  plainTemplate,
  type ReplicaSet,
  type Template,
  templateDigest,
} from "../../runtime/kubernetes/workload.ts";
import type { k8sRollout } from "./spec.ts";
import { withImage } from "./target.ts";

type Input = z.output<typeof k8sRollout.input>;
type Before = z.output<typeof k8sRollout.before>;
export const CAUSE = "kubernetes.io/change-cause";

/** A template, why it was rolled out first, and its digest once the cluster has it. */
export interface Resolved {
  template: Template;
  cause: string | undefined;
  digest: string;
}

/** The template that a replica set keeps. */
async function kept(api: Kubernetes, { namespace }: Input, name: string): Promise<ReplicaSet> {
  const sets = await api.list<ReplicaSet>(pathOf.replicaSets(namespace));
  const found = sets.find(({ metadata }) => metadata.name === name);
  if (!found) throw changedMeanwhile(api, `replica set ${namespace}/${name}`, "gone");
  return found;
}

/** What ran when the run began. */
export async function currentTemplate(api: Kubernetes, input: Input, { current }: Before): Promise<Resolved> {
  const { spec, metadata } = await kept(api, input, current.replicaSet);
  const cause = metadata.annotations?.[CAUSE];
  return { template: plainTemplate(spec.template), cause, digest: current.digest };
}

/** What is to come back: a revision's template, the present one with an image, or a saved one. */
export async function targetTemplate(api: Kubernetes, input: Input, before: Before): Promise<Resolved> {
  const { replicaSet, image, container, savedVersion, digest } = before.target;
  if (savedVersion) return savedTemplate(api, input, savedVersion);
  const { spec, metadata } = await kept(api, input, replicaSet ?? before.current.replicaSet);
  const template = plainTemplate(spec.template);
  if (image) return { template: withImage(template, container!, image), cause: undefined, digest };
  return { template, cause: metadata.annotations?.[CAUSE], digest };
}

/**
 * The cluster fills in what a manifest leaves out, so only it can say what the template will be: it is asked to put it
 * without putting it.
 */
async function savedTemplate(api: Kubernetes, input: Input, version: string): Promise<Resolved> {
  const text = await savedText(input.from!, version);
  const template = await deploymentTemplate(text, nameOf(input.from!, version), input.deployment);
  const path = `${pathOf.deployment(input.namespace, input.deployment)}?dryRun=All`;
  const dry = await changeObject<Deployment>(api, path, (found) => ({
    ...found,
    spec: { ...found.spec, template },
  }));
  return { template, cause: undefined, digest: templateDigest(dry.spec.template) };
}
