import type * as z from "zod";
import { refusal } from "../../runtime/errors.ts";
import { changedMeanwhile, changeObject, digestOf } from "../../runtime/kubernetes/change.ts";
import { type KubeObject, type Kubernetes, kubernetes } from "../../runtime/kubernetes/client.ts";
import { Conflict } from "../../runtime/kubernetes/failures.ts";
import { keptBy } from "../../runtime/kubernetes/kept-by.ts";
import { pathOf } from "../../runtime/kubernetes/workload.ts";
import { serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { type AutoscalerSpec, isSuspended, suspended, wantedSpec } from "./bounds.ts";
import { k8sHpa } from "./spec.ts";

type Input = z.output<typeof k8sHpa.input>;
type Before = z.output<typeof k8sHpa.before>;
interface Autoscaler extends KubeObject {
  spec: AutoscalerSpec;
}

const outputsOf = (spec: AutoscalerSpec) => ({
  suspended: isSuspended(spec),
  minReplicas: spec.minReplicas ?? 1,
  maxReplicas: spec.maxReplicas ?? 0,
});
const say = ({ hpa }: Input, spec: AutoscalerSpec) =>
  `${hpa} ${isSuspended(spec) ? "is suspended" : `scales between ${spec.minReplicas ?? 1} and ${spec.maxReplicas}`}`;

const find = (api: Kubernetes, { namespace, hpa }: Input) =>
  api.get<Autoscaler>(pathOf.autoscalers(namespace, hpa));

/** Where the plan suspends it first, that is what a later step of the same run finds. */
function knows({ spec, wanted }: Before, now: AutoscalerSpec): boolean {
  const known = [wanted, ...(spec ? [spec, suspended(spec)] : [suspended(wanted)])];
  return known.some((each) => digestOf(each) === digestOf(now));
}

async function put(api: Kubernetes, input: Input, before: Before, to: AutoscalerSpec) {
  const found = await changeObject<Autoscaler>(
    api,
    pathOf.autoscalers(input.namespace, input.hpa),
    (object) => {
      const another = before.uid !== undefined && object.metadata.uid !== before.uid;
      if (another || !knows(before, object.spec))
        throw changedMeanwhile(api, `autoscaler ${input.namespace}/${input.hpa}`, say(input, object.spec));
      return digestOf(object.spec) === digestOf(to) ? undefined : { ...object, spec: to };
    },
  );
  return { done: true, note: say(input, found.spec), outputs: outputsOf(found.spec) };
}

export const verbs: Verbs<Input, Before> = {
  async preflight(input, context) {
    const api = await kubernetes(input.cluster, context);
    const found = await find(api, input);
    const what = `${input.namespace}/${input.hpa}`;
    if (!found && !input.deployment)
      throw refusal(
        `There is no autoscaler ${what} in the cluster ${input.cluster}. Nothing was changed. Write in the plan which deployment it scales, and it is made.`,
      );
    const wanted = wantedSpec(input, found?.spec);
    return {
      before: {
        ...(found ? { uid: found.metadata.uid, spec: found.spec as Record<string, unknown> } : {}),
        wanted: wanted as Record<string, unknown>,
      },
      after: outputsOf(wanted),
      summary: `autoscaler ${what}: ${found ? say(input, found.spec) : "there is none"} → ${say(input, wanted)}`,
      evidence: found ? keptBy(found.metadata) : [],
      expects: outputsOf(wanted),
    };
  },
  async apply(input, { before }, context) {
    const api = await kubernetes(input.cluster, context);
    if (before.uid === undefined && !(await find(api, input))) {
      const { namespace, hpa: name } = input;
      const object = {
        apiVersion: "autoscaling/v2",
        kind: "HorizontalPodAutoscaler",
        metadata: { name, namespace },
        spec: before.wanted,
      };
      try {
        await api.create(pathOf.autoscalers(namespace), object);
      } catch (error) {
        // Made by the call whose reply was lost, or by somebody else: put looks at it.
        if (!(error instanceof Conflict)) throw error;
      }
    }
    return put(api, input, before, before.wanted);
  },
  async revert(input, { before }, context) {
    const api = await kubernetes(input.cluster, context);
    if (before.spec) return put(api, input, before, before.spec);
    // What this step made is not deleted: it stays and scales nothing.
    if (!(await find(api, input)))
      return { done: true, note: `${input.hpa} was never made`, outputs: outputsOf({}) };
    return put(api, input, before, suspended(before.wanted));
  },
  async poll(input, { before }, { phase, ...context }) {
    const found = await find(await kubernetes(input.cluster, context), input);
    const wanted = phase === "apply" ? before.wanted : (before.spec ?? suspended(before.wanted));
    const spec = found?.spec ?? {};
    return { done: digestOf(spec) === digestOf(wanted), note: say(input, spec), outputs: outputsOf(spec) };
  },
};

export const handler = serveAction(k8sHpa, verbs);
