/** One kind of object that the API server knows. */
export interface ResourceType {
  /** `""` for the core group. */
  group: string;
  version: string;
  kind: string;
  plural: string;
  singular: string;
  namespaced: boolean;
  shortNames?: string[];
  /** In `kubectl get all`. */
  all?: true;
  /** `spec` has a generation that counts its changes. */
  generation?: true;
  subresources?: ("status" | "scale" | "log")[];
  /** A custom resource: no strategic merge. */
  custom?: true;
}

const core = (kind: string, plural: string, more: Partial<ResourceType> = {}): ResourceType => ({
  group: "",
  version: "v1",
  kind,
  plural,
  singular: kind.toLowerCase(),
  namespaced: true,
  ...more,
});
const rbac = (kind: string, plural: string, namespaced: boolean): ResourceType => ({
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind,
  plural,
  singular: kind.toLowerCase(),
  namespaced,
});
const apps = (kind: string, plural: string, shortNames: string[]): ResourceType => ({
  group: "apps",
  version: "v1",
  kind,
  plural,
  singular: kind.toLowerCase(),
  namespaced: true,
  shortNames,
  all: true,
  generation: true,
  subresources: ["status", "scale"],
});

const istio = (kind: string, plural: string, shortNames: string[]): ResourceType => ({
  group: "networking.istio.io",
  version: "v1",
  kind,
  plural,
  singular: kind.toLowerCase(),
  namespaced: true,
  shortNames,
  generation: true,
  custom: true,
});

/** Everything it knows; what is not here answers 404, as on a cluster without it. */
export const RESOURCES: readonly ResourceType[] = [
  core("Namespace", "namespaces", { namespaced: false, shortNames: ["ns"] }),
  core("Pod", "pods", { shortNames: ["po"], all: true, subresources: ["status", "log"] }),
  core("Service", "services", { shortNames: ["svc"], all: true }),
  core("Endpoints", "endpoints", { singular: "endpoints", shortNames: ["ep"] }),
  core("ConfigMap", "configmaps", { shortNames: ["cm"] }),
  core("Secret", "secrets"),
  core("Event", "events", { shortNames: ["ev"] }),
  apps("Deployment", "deployments", ["deploy"]),
  apps("ReplicaSet", "replicasets", ["rs"]),
  {
    group: "autoscaling",
    version: "v2",
    kind: "HorizontalPodAutoscaler",
    plural: "horizontalpodautoscalers",
    singular: "horizontalpodautoscaler",
    namespaced: true,
    shortNames: ["hpa"],
    all: true,
    generation: true,
    subresources: ["status"],
  },
  rbac("Role", "roles", true),
  rbac("RoleBinding", "rolebindings", true),
  rbac("ClusterRole", "clusterroles", false),
  rbac("ClusterRoleBinding", "clusterrolebindings", false),
  istio("VirtualService", "virtualservices", ["vs"]),
  istio("DestinationRule", "destinationrules", ["dr"]),
  {
    group: "argoproj.io",
    version: "v1alpha1",
    kind: "Rollout",
    plural: "rollouts",
    singular: "rollout",
    namespaced: true,
    shortNames: ["ro"],
    generation: true,
    subresources: ["status", "scale"],
    custom: true,
  },
];

/** The type of a kind; the kinds are unique here. */
export function typeOf(kind: string): ResourceType {
  const found = RESOURCES.find((each) => each.kind === kind);
  if (!found) throw new Error(`The sandbox's cluster has no kind ${kind}`);
  return found;
}

export const resourceAt = (group: string, version: string, plural: string): ResourceType | undefined =>
  RESOURCES.find((each) => each.group === group && each.version === version && each.plural === plural);

export const apiVersionOf = ({ group, version }: ResourceType): string =>
  group ? `${group}/${version}` : version;

/** `deployments.apps`, as Status messages name it. */
export const qualified = ({ group, plural }: ResourceType): string => (group ? `${plural}.${group}` : plural);
