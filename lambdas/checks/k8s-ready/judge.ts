import type * as z from "zod";
import { type Deployment, imagesOf, isReady, type Pod } from "../../runtime/kubernetes/workload.ts";
import type { Measurement } from "../../runtime/protocol.ts";
import type { k8sReady } from "./spec.ts";

/** What is seen of a deployment and its pods, judged. A deployment that wants no pods shows nothing. Pure. */
export function judged(
  { atLeast, image, notImage, restarts }: z.output<typeof k8sReady.input>,
  { metadata, spec, status = {} }: Deployment,
  pods: Pod[],
): Pick<Measurement, "verdict" | "value" | "limit" | "evidence"> {
  const wanted = spec.replicas ?? 1;
  const limit = `${Math.max(wanted, atLeast)} pods ready, ${image ?? imagesOf(spec.template)}, at most ${restarts} restarts`;
  if (wanted === 0)
    return {
      verdict: "inconclusive",
      limit,
      evidence: [`${metadata.name} is scaled to 0: there is nothing to measure`],
    };
  const ready = pods.filter(isReady);
  const { updatedReplicas = 0, replicas = 0, observedGeneration = 0 } = status;
  const wrong = [
    ...(observedGeneration < (metadata.generation ?? 0)
      ? ["the cluster has not looked at the last change yet"]
      : []),
    ...(spec.paused ? ["the deployment is paused"] : []),
    ...(ready.length < Math.max(wanted, atLeast) ? [`${ready.length} pods are ready`] : []),
    ...(updatedReplicas < wanted || replicas > updatedReplicas
      ? [`${updatedReplicas} of ${replicas} pods run the deployment's template`]
      : []),
    ...pods.flatMap((pod) => complaints(pod, { image, notImage, restarts })),
  ];
  return {
    verdict: wrong.length === 0 ? "passed" : "failed",
    value: `${ready.length} of ${wanted} ready`,
    limit,
    evidence: wrong.length > 0 ? wrong : pods.map((pod) => `${pod.metadata.name}: ready, ${imagesOf(pod)}`),
  };
}

function complaints(
  pod: Pod,
  {
    image,
    notImage,
    restarts,
  }: { image: string | undefined; notImage: string | undefined; restarts: number },
): string[] {
  const { name, deletionTimestamp } = pod.metadata;
  if (deletionTimestamp) return [`${name} is still going`];
  const images = pod.spec.containers.map((each) => each.image);
  return [
    ...(image && !images.includes(image) ? [`${name} runs ${images.join(", ")}`] : []),
    ...(notImage && images.includes(notImage) ? [`${name} runs ${notImage}`] : []),
    ...(pod.status?.containerStatuses ?? []).flatMap(({ name: container, restartCount, state }) => [
      ...(restartCount > restarts ? [`${name}/${container} was restarted ${restartCount} times`] : []),
      ...(state?.waiting?.reason ? [`${name}/${container}: ${state.waiting.reason}`] : []),
    ]),
  ];
}
