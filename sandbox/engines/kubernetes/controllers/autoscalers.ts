import { type Cluster, now } from "../cluster.ts";
import type { Condition, Deployment, KubeObject } from "../objects.ts";
import { typeOf } from "../resources.ts";

interface AutoscalerSpec {
  scaleTargetRef: { kind: string; name: string };
  minReplicas: number;
  maxReplicas: number;
  behavior?: Record<"scaleUp" | "scaleDown", { selectPolicy?: string } | undefined>;
}
interface AutoscalerStatus {
  currentReplicas?: number;
  desiredReplicas?: number;
  observedGeneration?: number;
  conditions?: Condition[];
}
export type Autoscaler = KubeObject<AutoscalerSpec, AutoscalerStatus>;

/**
 * Holds a deployment within an autoscaler's bounds. The cluster has no metrics server, so nothing scales by load, and
 * the autoscaler says so; a target of no replicas is left alone, as Kubernetes does.
 */
export function reconcileAutoscaler(cluster: Cluster, autoscaler: Autoscaler): void {
  const { namespace } = autoscaler.metadata;
  const { scaleTargetRef, minReplicas, maxReplicas, behavior } = autoscaler.spec!;
  const type = typeOf("Deployment");
  const target = cluster.store.get<Deployment>(type, namespace, scaleTargetRef.name);
  const current = target?.spec?.replicas ?? 0;
  const bounded = Math.min(maxReplicas, Math.max(minReplicas, current));
  const side = bounded > current ? "scaleUp" : "scaleDown";
  const disabled = bounded !== current && behavior?.[side]?.selectPolicy === "Disabled";
  const desired = current === 0 || disabled ? current : bounded;
  if (target && desired !== current)
    cluster.store.update<Deployment>(type, {
      ...target,
      metadata: { ...target.metadata, resourceVersion: "" },
      spec: { ...target.spec!, replicas: desired },
    });
  const condition = (name: string, holds: boolean, reason: string, message: string): Condition => {
    const was = autoscaler.status?.conditions?.find((each) => each.type === name);
    const status = holds ? "True" : "False";
    return {
      type: name,
      status,
      reason,
      message,
      lastTransitionTime: was?.status === status ? was.lastTransitionTime : now(cluster),
    };
  };
  const active = !target
    ? condition("AbleToScale", false, "FailedGetScale", `deployments.apps "${scaleTargetRef.name}" not found`)
    : current === 0
      ? condition(
          "ScalingActive",
          false,
          "ScalingDisabled",
          "scaling is disabled since the replica count of the target is zero",
        )
      : condition(
          "ScalingActive",
          false,
          "FailedGetResourceMetric",
          "the sandbox's cluster has no metrics server",
        );
  cluster.store.update<Autoscaler>(typeOf("HorizontalPodAutoscaler"), {
    ...autoscaler,
    metadata: { ...autoscaler.metadata, resourceVersion: "" },
    status: {
      observedGeneration: autoscaler.metadata.generation,
      currentReplicas: target?.status?.replicas ?? 0,
      desiredReplicas: desired,
      conditions: [active],
    },
  });
}
