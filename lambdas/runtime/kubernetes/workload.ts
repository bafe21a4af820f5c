import { refusal, WatchdogError } from "../errors.ts";
import { digestOf } from "./change.ts";
import type { KubeObject, Kubernetes } from "./client.ts";

export interface Template {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: { containers: { name: string; image: string }[] };
}
interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
}
export interface Deployment extends KubeObject {
  spec: {
    replicas?: number;
    paused?: boolean;
    selector: { matchLabels?: Record<string, string> };
    template: Template;
  };
  status?: {
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    availableReplicas?: number;
    readyReplicas?: number;
    conditions?: Condition[];
  };
}
export interface ReplicaSet extends KubeObject {
  spec: { replicas?: number; template: Template };
}
export interface Pod extends KubeObject {
  spec: { containers: { name: string; image: string }[] };
  status?: {
    phase?: string;
    conditions?: Condition[];
    containerStatuses?: {
      name: string;
      restartCount: number;
      state?: { waiting?: { reason?: string; message?: string } };
    }[];
  };
}

/** Names of one deployment. */
export interface Workload {
  cluster: string;
  namespace: string;
  deployment: string;
}

const HASH = "pod-template-hash";
const REVISION = "deployment.kubernetes.io/revision";

export const pathOf = {
  deployment: (namespace: string, name: string) =>
    `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`,
  replicaSets: (namespace: string) => `/apis/apps/v1/namespaces/${namespace}/replicasets`,
  pods: (namespace: string) => `/api/v1/namespaces/${namespace}/pods`,
  core: (namespace: string, plural: "configmaps" | "secrets" | "services" | "endpoints", name = "") =>
    `/api/v1/namespaces/${namespace}/${plural}${name ? `/${name}` : ""}`,
  autoscalers: (namespace: string, name = "") =>
    `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers${name ? `/${name}` : ""}`,
  rollout: (namespace: string, name: string) =>
    `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/rollouts/${name}`,
  virtualService: (namespace: string, name: string) =>
    `/apis/networking.istio.io/v1/namespaces/${namespace}/virtualservices/${name}`,
};

/** The deployment; refused when there is none. For preflight. */
export async function deploymentOf(
  api: Kubernetes,
  { namespace, deployment }: Workload,
): Promise<Deployment> {
  const found = await api.get<Deployment>(pathOf.deployment(namespace, deployment));
  if (found) return found;
  throw refusal(
    `There is no deployment ${namespace}/${deployment} in the cluster ${api.cluster}. Nothing was changed. Correct the plan.`,
  );
}

/** Its replica sets, newest revision first. */
export async function historyOf(api: Kubernetes, { metadata, spec }: Deployment): Promise<ReplicaSet[]> {
  const sets = await api.list<ReplicaSet>(pathOf.replicaSets(metadata.namespace!), spec.selector.matchLabels);
  return sets
    .filter((set) => set.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid))
    .toSorted((a, b) => revisionOf(b) - revisionOf(a));
}

export const revisionOf = ({ metadata }: KubeObject): number => Number(metadata.annotations?.[REVISION] ?? 0);

/** A template without the label that Kubernetes adds to a replica set's. */
export function plainTemplate({ metadata = {}, spec }: Template): Template {
  const { [HASH]: _, ...labels } = metadata.labels ?? {};
  return { metadata: { ...metadata, labels }, spec };
}

/** The same for a deployment's template and for the one in its replica set. */
export const templateDigest = (template: Template): string => digestOf(plainTemplate(template));

export const imagesOf = ({ spec }: Template): string => spec.containers.map(({ image }) => image).join(", ");

/**
 * How far a rollout is, as `kubectl rollout status` tells it: done when every replica runs the template and is
 * available. A rollout that stopped getting on is an error.
 */
export function rolloutOf({ metadata, spec, status = {} }: Deployment): { done: boolean; note: string } {
  const { observedGeneration = 0, replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  const wanted = spec.replicas ?? 1;
  if (observedGeneration < (metadata.generation ?? 0))
    return { done: false, note: `${metadata.name}: the cluster has not looked at the change yet` };
  const stuck = status.conditions?.find(
    ({ type, reason }) => type === "Progressing" && reason === "ProgressDeadlineExceeded",
  );
  if (stuck)
    throw new WatchdogError(
      "WorkFailed",
      `The rollout of ${metadata.namespace}/${metadata.name} does not get on: ${stuck.message ?? stuck.reason}. ${availableReplicas} of ${wanted} replicas are available. Look at its pods' events and logs.`,
    );
  const done = updatedReplicas >= wanted && replicas <= updatedReplicas && availableReplicas >= wanted;
  return {
    done,
    note: `${metadata.name}: ${updatedReplicas} of ${wanted} replicas run ${imagesOf(spec.template)}, ${availableReplicas} available${
      replicas > updatedReplicas ? `, ${replicas - updatedReplicas} old ones still there` : ""
    }`,
  };
}

export const isReady = ({ metadata, status }: Pod): boolean =>
  !metadata.deletionTimestamp &&
  (status?.conditions ?? []).some(({ type, status: is }) => type === "Ready" && is === "True");
