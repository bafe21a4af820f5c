import type * as z from "zod";
import { refusal, WatchdogError } from "../../runtime/errors.ts";
import { changedMeanwhile, changeObject, digestOf } from "../../runtime/kubernetes/change.ts";
import { type KubeObject, type Kubernetes, kubernetes } from "../../runtime/kubernetes/client.ts";
import { isReady, type Pod, pathOf } from "../../runtime/kubernetes/workload.ts";
import { type StepContext, serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { k8sBlueGreen } from "./spec.ts";

type Input = z.output<typeof k8sBlueGreen.input>;
type Before = z.output<typeof k8sBlueGreen.before>;
type Labels = Record<string, string>;
interface Service extends KubeObject {
  spec: { selector?: Labels };
}
interface Endpoints extends KubeObject {
  subsets?: { addresses?: { targetRef?: { name: string } }[] }[];
}

const text = (labels: Labels) =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(", ");
const pathOfService = ({ namespace, service }: Input) => pathOf.core(namespace, "services", service);

async function readyPods(api: Kubernetes, { namespace }: Input, selector: Labels): Promise<Pod[]> {
  return (await api.list<Pod>(pathOf.pods(namespace), selector)).filter(isReady);
}

async function point(api: Kubernetes, input: Input, { uid }: Before, from: Labels, to: Labels) {
  await changeObject<Service>(api, pathOfService(input), (found) => {
    const now = found.spec.selector ?? {};
    const known = [from, to].some((each) => digestOf(each) === digestOf(now));
    if (found.metadata.uid !== uid || !known)
      throw changedMeanwhile(api, `service ${input.namespace}/${input.service}`, `pointed at ${text(now)}`);
    return digestOf(now) === digestOf(to) ? undefined : { ...found, spec: { ...found.spec, selector: to } };
  });
  return { done: false, note: `${input.service} points at ${text(to)}` };
}

/** Pods may have gone since preflight: looked at again right before the switch. */
async function applied(input: Input, { before }: { before: Before }, context: StepContext) {
  const api = await kubernetes(input.cluster, context);
  const ready = await readyPods(api, input, before.target);
  if (ready.length < input.ready)
    throw new WatchdogError(
      "ChangedSincePreflight",
      `Only ${ready.length} pods of ${text(before.target)} are ready, and ${input.ready} must be. ${input.service} was left where it is. Look what became of them.`,
    );
  return point(api, input, before, before.selector, before.target);
}

export const verbs: Verbs<Input, Before> = {
  async preflight(input, context) {
    const api = await kubernetes(input.cluster, context);
    const found = await api.get<Service>(pathOfService(input));
    const what = `service ${input.namespace}/${input.service}`;
    if (!found?.spec.selector)
      throw refusal(
        `There is no ${what} with a selector in the cluster ${input.cluster}. Nothing was changed. Correct the plan.`,
      );
    const { selector } = found.spec;
    const target = { ...selector, ...input.to };
    const ready = await readyPods(api, input, target);
    if (ready.length < input.ready)
      throw refusal(
        `${ready.length} pods of ${text(target)} are ready, and ${input.ready} must be before ${what} may point at them. Nothing was changed. Scale them up first.`,
      );
    const same = digestOf(selector) === digestOf(target);
    return {
      before: { uid: found.metadata.uid, selector, target },
      after: { selector: target },
      summary: same
        ? `${what} points at ${text(target)} already`
        : `${what}: ${text(selector)} → ${text(target)}`,
      evidence: ready.map(({ metadata }) => `${metadata.name} is ready`),
      expects: { selector: target, endpoints: ready.length },
    };
  },
  apply: applied,
  async revert(input, { before }, context) {
    return point(await kubernetes(input.cluster, context), input, before, before.target, before.selector);
  },
  /** Done when the service reaches pods of its selector and no others. */
  async poll(input, { before }, { phase, ...context }) {
    const api = await kubernetes(input.cluster, context);
    const selector = phase === "apply" ? before.target : before.selector;
    const own = new Set((await readyPods(api, input, selector)).map(({ metadata }) => metadata.name));
    const endpoints = await api.get<Endpoints>(pathOf.core(input.namespace, "endpoints", input.service));
    const reached = (endpoints?.subsets ?? []).flatMap(({ addresses = [] }) =>
      addresses.map(({ targetRef }) => targetRef?.name),
    );
    const foreign = reached.filter((name) => !name || !own.has(name));
    const enough = phase === "revert" || reached.length >= input.ready;
    return {
      done: enough && foreign.length === 0,
      note: `${input.service} reaches ${reached.length} ready pods${foreign.length ? `, ${foreign.length} of them not of ${text(selector)}` : ""}`,
      outputs: { selector, endpoints: reached.length },
    };
  },
};

export const handler = serveAction(k8sBlueGreen, verbs);
