import { stringify } from "yaml";
import type { ClusterAccess, ClusterRule } from "../../lambdas/runtime/spec.ts";
import { allChecks, allSteps } from "./redeploy.ts";
import type { Registries } from "./registries.ts";
import type { Plan } from "./schema.ts";

/** What one of the plan's roles may do in one namespace of a cluster. */
export interface ClusterGrant {
  cluster: string;
  namespace: string;
  /** `reader`, or the kind whose steps write. */
  role: string;
  rules: ClusterRule[];
}

/** The Kubernetes group that a role's access entry puts it into. */
export const clusterGroup = (service: string, role: string): string => `watchdog:${service}:${role}`;

/** Everything that a plan's steps and checks do inside clusters, by role and namespace. Pure. */
export function clusterGrants(plan: Plan, { actions, checks }: Registries): ClusterGrant[] {
  const grants = new Map<string, ClusterGrant>();
  const grant = (role: string, { cluster, namespace }: ClusterAccess, rules: ClusterRule[]) => {
    const key = `${cluster}/${namespace}/${role}`;
    const known = grants.get(key) ?? { cluster, namespace, role, rules: [] };
    const said = new Set(known.rules.map((rule) => JSON.stringify(rule)));
    known.rules.push(...rules.filter((rule) => !said.has(JSON.stringify(rule))));
    grants.set(key, known);
  };
  for (const { action, with: input } of allSteps(plan)) {
    const access = actions[action]?.clusterAccess?.(input as never);
    if (!access) continue;
    grant("reader", access, access.read);
    grant(action, access, access.write ?? []);
  }
  for (const { check, with: input } of allChecks(plan)) {
    const access = checks[check]?.clusterAccess?.(input as never);
    if (access) grant("reader", access, access.read);
  }
  return [...grants.values()];
}

/** The roles and their bindings that a cluster's owner applies once, for each change of the plan's steps again. Pure. */
export function clusterManifests(service: string, grants: ClusterGrant[]): object[] {
  const api = "rbac.authorization.k8s.io";
  return grants.flatMap(({ namespace, role, rules }) => {
    const metadata = { name: `watchdog-${service}-${role}`, namespace };
    return [
      { apiVersion: `${api}/v1`, kind: "Role", metadata, rules },
      {
        apiVersion: `${api}/v1`,
        kind: "RoleBinding",
        metadata,
        subjects: [{ apiGroup: api, kind: "Group", name: clusterGroup(service, role) }],
        roleRef: { apiGroup: api, kind: "Role", name: metadata.name },
      },
    ];
  });
}

/** The manifests of one cluster as a file for `kubectl apply -f`. Pure. */
export function clusterAccessText(service: string, cluster: string, grants: ClusterGrant[]): string {
  const own = grants.filter((each) => each.cluster === cluster);
  return [
    `# What Rollback Watchdog may do in the cluster ${cluster} for ${service}: made from its plan by watchdog cluster-access.\n`,
    ...clusterManifests(service, own).map((each) => stringify(each)),
  ].join("---\n");
}
