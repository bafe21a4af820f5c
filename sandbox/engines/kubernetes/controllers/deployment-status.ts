import { type Cluster, now } from "../cluster.ts";
import type { Condition, Deployment, DeploymentStatus, ReplicaSet } from "../objects.ts";
import { typeOf } from "../resources.ts";
import { availableOf, bounds, presentOf, readyOf, runs } from "./rollout.ts";

/** Writes what is seen of a deployment: its counts, whether it is available, and whether it gets on. */
export function deploymentStatus(cluster: Cluster, deployment: Deployment, sets: ReplicaSet[]): void {
  const spec = deployment.spec!;
  const before = deployment.status ?? {};
  const current = sets.filter((set) => runs(set, spec.template));
  const counts = {
    observedGeneration: deployment.metadata.generation,
    replicas: presentOf(sets) || undefined,
    updatedReplicas: presentOf(current) || undefined,
    readyReplicas: readyOf(sets) || undefined,
    availableReplicas: availableOf(sets) || undefined,
    unavailableReplicas: Math.max(0, spec.replicas - availableOf(sets)) || undefined,
  };
  const status: DeploymentStatus = { ...counts, conditions: conditions(cluster, deployment, counts, before) };
  cluster.store.update<Deployment>(typeOf("Deployment"), {
    ...deployment,
    metadata: { ...deployment.metadata, resourceVersion: "" },
    status,
  });
}

function conditions(
  cluster: Cluster,
  deployment: Deployment,
  counts: DeploymentStatus,
  before: DeploymentStatus,
): Condition[] {
  const spec = deployment.spec!;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, readyReplicas = 0 } = counts;
  const at = now(cluster);
  const old = (type: string) => before.conditions?.find((each) => each.type === type);
  const condition = (
    type: string,
    status: Condition["status"],
    reason: string,
    message: string,
    moved = false,
  ): Condition => {
    const was = old(type);
    const unchanged = was?.status === status && was.reason === reason && was.message === message && !moved;
    if (unchanged) return was;
    return {
      type,
      status,
      reason,
      message,
      lastUpdateTime: at,
      lastTransitionTime: was?.status === status ? was.lastTransitionTime : at,
    };
  };
  const enough = availableReplicas >= spec.replicas - bounds(spec).unavailable;
  const available = enough
    ? condition("Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.")
    : condition(
        "Available",
        "False",
        "MinimumReplicasUnavailable",
        "Deployment does not have minimum availability.",
      );
  const { name } = deployment.metadata;
  const complete =
    updatedReplicas === spec.replicas && replicas === spec.replicas && availableReplicas === spec.replicas;
  const moved =
    updatedReplicas > (before.updatedReplicas ?? 0) ||
    replicas - updatedReplicas < (before.replicas ?? 0) - (before.updatedReplicas ?? 0) ||
    readyReplicas > (before.readyReplicas ?? 0) ||
    availableReplicas > (before.availableReplicas ?? 0);
  const was = old("Progressing");
  const progressing = () => {
    if (spec.paused) return condition("Progressing", "Unknown", "DeploymentPaused", "Deployment is paused");
    if (complete)
      return condition(
        "Progressing",
        "True",
        "NewReplicaSetAvailable",
        `Deployment "${name}" has successfully progressed.`,
      );
    const begun = before.observedGeneration !== deployment.metadata.generation;
    if (!moved && !begun && was?.reason !== "DeploymentPaused" && was?.reason !== "NewReplicaSetAvailable") {
      const overdue =
        Date.parse(at) - Date.parse(was?.lastUpdateTime ?? at) >= spec.progressDeadlineSeconds * 1000;
      if (was?.reason === "ProgressDeadlineExceeded" || overdue)
        return condition(
          "Progressing",
          "False",
          "ProgressDeadlineExceeded",
          `Deployment "${name}" has timed out progressing.`,
        );
    }
    return condition(
      "Progressing",
      "True",
      "ReplicaSetUpdated",
      `Deployment "${name}" is progressing.`,
      moved || begun,
    );
  };
  return [available, progressing()];
}
