/** One rule of RBAC. https://kubernetes.io/docs/reference/access-authn-authz/rbac/ */
export interface Rule {
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  verbs: string[];
}

/** What somebody wants to do. */
export interface Attempt {
  verb: string;
  group: string;
  /** `deployments`, or `deployments/scale`. */
  resource: string;
  namespace?: string;
  name?: string;
}

const has = (list: string[] | undefined, value: string) =>
  list !== undefined && (list.includes("*") || list.includes(value));

/** Whether a rule allows an attempt. Names are of no use for create and list, which have none. */
export function allows(rule: Rule, { verb, group, resource, name }: Attempt): boolean {
  const [, subresource] = resource.split("/");
  return (
    has(rule.verbs, verb) &&
    has(rule.apiGroups, group) &&
    (has(rule.resources, resource) || (!!subresource && has(rule.resources, `*/${subresource}`))) &&
    (!rule.resourceNames?.length || (name !== undefined && rule.resourceNames.includes(name)))
  );
}

const READ = ["get", "list", "watch"];
const WRITE = [...READ, "create", "update", "patch", "delete", "deletecollection"];
const workloads = (verbs: string[]): Rule[] => [
  {
    apiGroups: [""],
    resources: ["configmaps", "endpoints", "pods", "pods/log", "services", "namespaces", "events"],
    verbs,
  },
  {
    apiGroups: ["apps"],
    resources: ["deployments", "deployments/scale", "replicasets", "replicasets/scale"],
    verbs,
  },
  { apiGroups: ["autoscaling"], resources: ["horizontalpodautoscalers"], verbs },
];

/**
 * What EKS's access policies allow of the resources that are known here.
 * https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
 */
export const ACCESS_POLICIES: Record<string, Rule[]> = {
  AmazonEKSClusterAdminPolicy: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }],
  AmazonEKSAdminPolicy: [
    ...workloads(WRITE),
    { apiGroups: [""], resources: ["secrets"], verbs: WRITE },
    { apiGroups: ["rbac.authorization.k8s.io"], resources: ["roles", "rolebindings"], verbs: WRITE },
  ],
  AmazonEKSEditPolicy: [...workloads(WRITE), { apiGroups: [""], resources: ["secrets"], verbs: WRITE }],
  AmazonEKSViewPolicy: workloads(READ),
};
