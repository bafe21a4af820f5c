import type { Cluster } from "../cluster.ts";
import type { KubeObject } from "../objects.ts";
import { typeOf } from "../resources.ts";
import { failure } from "../status.ts";
import type { Identity } from "./entries.ts";
import { ACCESS_POLICIES, type Attempt, allows, type Rule } from "./rules.ts";

interface Binding extends KubeObject {
  subjects?: { kind: string; name: string }[];
  roleRef: { kind: string; name: string };
}
interface RoleObject extends KubeObject {
  rules?: Rule[];
}

/** Throws Forbidden unless an access policy, a role or a cluster role lets the user do it. */
export function authorize(cluster: Cluster, identity: Identity, attempt: Attempt): void {
  if (rulesFor(cluster, identity, attempt.namespace).some((rule) => allows(rule, attempt))) return;
  const { verb, group, resource, namespace, name } = attempt;
  const [plural, sub] = resource.split("/");
  const qualified = `${plural}${group ? `.${group}` : ""}`;
  throw failure(
    "Forbidden",
    `${qualified}${sub ? `/${sub}` : ""}${name ? ` "${name}"` : ""} is forbidden: User "${identity.username}" cannot ${verb} ` +
      `resource "${resource}" in API group "${group}" ${namespace ? `in the namespace "${namespace}"` : "at the cluster scope"}`,
    { name, group, kind: plural },
  );
}

function rulesFor(cluster: Cluster, identity: Identity, namespace: string | undefined): Rule[] {
  const policies = identity.policies
    .filter(
      ({ scope }) =>
        scope.type === "cluster" || (namespace !== undefined && scope.namespaces.includes(namespace)),
    )
    .flatMap(({ policyArn }) => ACCESS_POLICIES[policyArn.split("/").at(-1)!] ?? []);
  const bound = (binding: Binding) =>
    (binding.subjects ?? []).some(
      ({ kind, name }) =>
        (kind === "User" && name === identity.username) ||
        (kind === "Group" && identity.groups.includes(name)),
    );
  const { store } = cluster;
  const clusterWide = store.list<Binding>(typeOf("ClusterRoleBinding")).filter(bound);
  const inNamespace = namespace ? store.list<Binding>(typeOf("RoleBinding"), namespace).filter(bound) : [];
  return [
    ...policies,
    ...[...clusterWide, ...inNamespace].flatMap(({ roleRef, metadata }) => {
      const type = typeOf(roleRef.kind);
      return store.get<RoleObject>(type, metadata.namespace, roleRef.name)?.rules ?? [];
    }),
  ];
}
