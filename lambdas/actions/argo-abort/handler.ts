import type * as z from "zod";
import { refusal } from "../../runtime/errors.ts";
import { changedMeanwhile, changeObject, digestOf } from "../../runtime/kubernetes/change.ts";
import { type Kubernetes, kubernetes } from "../../runtime/kubernetes/client.ts";
import { pathOf, type ReplicaSet } from "../../runtime/kubernetes/workload.ts";
import { type StepContext, serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { HASH, type Rollout, takenBack } from "./rollout.ts";
import { argoAbort } from "./spec.ts";

type Input = z.output<typeof argoAbort.input>;
type Before = z.output<typeof argoAbort.before>;

const nameOf = ({ namespace, rollout }: Input) => `${namespace}/${rollout}`;
const templateOf = ({ spec }: Rollout) => digestOf([spec.template, spec.workloadRef]);

/** Whether it is the update that preflight found, promoted or not. */
const sameUpdate = (found: Rollout, { uid, template, updating }: Before) =>
  found.metadata.uid === uid && templateOf(found) === template && found.status?.currentPodHash === updating;

const another = (api: Kubernetes, input: Input, { status }: Rollout) =>
  changedMeanwhile(
    api,
    `rollout ${nameOf(input)}`,
    `rolling out ${status?.currentPodHash ?? "something else"} over ${status?.stableRS ?? "nothing"}`,
  );

/** Says whether the update is to be aborted. Argo Rollouts writes this status often: only its template must not have changed. */
async function set(input: Input, before: Before, abort: boolean, context: StepContext): Promise<Rollout> {
  const api = await kubernetes(input.cluster, context);
  const path = pathOf.rollout(input.namespace, input.rollout);
  return changeObject<Rollout>(
    api,
    path,
    (found) => {
      const { status = {} } = found;
      if (!sameUpdate(found, before) || status.stableRS !== before.stable) throw another(api, input, found);
      return (status.abort ?? false) === abort ? undefined : found;
    },
    ({ metadata }) => api.patchStatus<Rollout>(path, metadata.resourceVersion, { abort }),
  );
}

export const verbs: Verbs<Input, Before> = {
  async preflight(input, context) {
    const api = await kubernetes(input.cluster, context);
    const found = await api.get<Rollout>(pathOf.rollout(input.namespace, input.rollout));
    if (!found)
      throw refusal(
        `There is no Argo Rollout ${nameOf(input)} in the cluster ${input.cluster}. Nothing was changed. Correct the plan.`,
      );
    const { abort = false, currentPodHash = "", stableRS = "", phase, message } = found.status ?? {};
    if (!stableRS)
      throw refusal(
        `The Argo Rollout ${nameOf(input)} has no stable version yet: there is nothing to go back to. Nothing was changed. Deploy a version that works.`,
      );
    if (stableRS === currentPodHash)
      throw refusal(
        `The Argo Rollout ${nameOf(input)} is fully promoted at ${stableRS}: there is no update to abort. Nothing was changed. Set its template back: kubectl argo rollouts undo ${input.rollout} -n ${input.namespace}.`,
      );
    return {
      before: {
        uid: found.metadata.uid,
        aborted: abort,
        template: templateOf(found),
        updating: currentPodHash,
        stable: stableRS,
      },
      after: { stable: stableRS },
      summary: abort
        ? `${nameOf(input)} is aborted already; all traffic goes to ${stableRS}`
        : `${nameOf(input)}: the update to ${currentPodHash} is aborted, all traffic goes to ${stableRS}`,
      expects: { stable: stableRS },
      evidence: [
        `it is ${phase ?? "in no phase"}${message ? `: ${message}` : ""}`,
        "its template stays the new one, and it stays Degraded, until somebody sets the template back; undone, the update begins again at its first step",
      ],
    };
  },

  async apply(input, { before }, context) {
    await set(input, before, true, context);
    return { done: false, note: `${input.rollout}: the update to ${before.updating} is aborted` };
  },

  async revert(input, { before }, context) {
    await set(input, before, before.aborted, context);
    return {
      done: false,
      note: `${input.rollout}: the update to ${before.updating} goes on from its first step`,
    };
  },

  async poll(input, { before }, { phase: verb, ...context }) {
    const api = await kubernetes(input.cluster, context);
    const found = await api.get<Rollout>(pathOf.rollout(input.namespace, input.rollout));
    const { abort = false, abortedAt, phase = "", message = "", stableRS } = found?.status ?? {};
    const wanted = verb === "apply" ? true : before.aborted;
    // Taken back, the update may have come to its end meanwhile.
    const stays = verb === "revert" || stableRS === before.stable;
    if (!found || !sameUpdate(found, before) || !stays || abort !== wanted)
      throw changedMeanwhile(api, `rollout ${nameOf(input)}`, found ? `${phase} ${message}`.trim() : "gone");
    const outputs = { stable: stableRS ?? "", phase };
    if (verb === "revert")
      return { done: wanted || !abortedAt, note: `${input.rollout} is ${phase} ${message}`.trim(), outputs };
    const [stable] = await api.list<ReplicaSet>(pathOf.replicaSets(input.namespace), {
      [HASH]: before.stable,
    });
    return { ...takenBack(found, stable), outputs };
  },
};

export const handler = serveAction(argoAbort, verbs);
