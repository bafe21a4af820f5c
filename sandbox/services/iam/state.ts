import type { PolicyDocument } from "../../front/iam/policy.ts";
import { stateOf, type World } from "../../world.ts";
import { managedPolicies } from "./managed.ts";

/** A role as IAM keeps it. Policies are parsed once, so that the authorizer can compile them once. */
export interface Role {
  name: string;
  path: string;
  arn: string;
  id: string;
  createdAt: number;
  description: string | undefined;
  trust: PolicyDocument;
  maxSession: number;
  inline: Map<string, PolicyDocument>;
  attached: Set<string>;
  tags: { Key: string; Value: string }[];
}

/** A customer managed policy. */
export interface ManagedPolicy {
  name: string;
  arn: string;
  id: string;
  document: PolicyDocument;
}

/** Roles by name, and policies by ARN. */
export const iamState = stateOf(() => ({ roles: new Map<string, Role>(), policies: new Map<string, ManagedPolicy>() }));

/** All identity policies of a role; none for a role that does not exist. */
export function policiesOf(world: World, roleArn: string): PolicyDocument[] {
  const state = iamState(world);
  const role = state.roles.get(roleArn.split("/").at(-1) ?? "");
  if (!role) return [];
  const attached = [...role.attached].flatMap((arn) => state.policies.get(arn)?.document ?? managedPolicies[arn.split("/").at(-1) ?? ""] ?? []);
  return [...role.inline.values(), ...attached];
}
