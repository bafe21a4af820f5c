import { callerArn } from "../../../front/iam/principal.ts";
import type { Principal } from "../../../service.ts";
import type { World } from "../../../world.ts";

/** Who an IAM principal is inside a cluster. https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html */
export interface AccessEntry {
  principalArn: string;
  kubernetesGroups: string[];
  username: string;
  type: string;
  createdAt: number;
  modifiedAt: number;
  tags: Record<string, string>;
  /** Associated access policies by ARN. */
  policies: Map<string, AssociatedPolicy>;
}

export interface AssociatedPolicy {
  policyArn: string;
  scope: { type: "cluster" | "namespace"; namespaces: string[] };
  associatedAt: number;
  modifiedAt: number;
}

/** A user of the API server. */
export interface Identity {
  username: string;
  groups: string[];
  policies: AssociatedPolicy[];
}

/** The ARN by which access entries know a principal: the role's own, not the session's. */
export const entryArn = (world: World, principal: Principal): string =>
  principal.type === "role" ? principal.roleArn : callerArn(world, principal);

/** Who a principal is by the cluster's access entries; undefined for a stranger. */
export function identityOf(
  world: World,
  access: Map<string, AccessEntry>,
  principal: Principal,
): Identity | undefined {
  const entry = access.get(entryArn(world, principal));
  if (!entry) return undefined;
  const session = principal.type === "role" ? principal.sessionName : "";
  return {
    username: entry.username.replaceAll("{{SessionName}}", session.replaceAll("@", "-")),
    groups: [...entry.kubernetesGroups, "system:authenticated"],
    policies: [...entry.policies.values()],
  };
}
