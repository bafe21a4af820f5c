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
  /** ARN of the permissions boundary. */
  boundary: string | undefined;
  inline: Map<string, PolicyDocument>;
  attached: Set<string>;
  tags: { Key: string; Value: string }[];
}

/** A customer managed policy. */
export interface ManagedPolicy {
  name: string;
  arn: string;
  id: string;
  path: string;
  document: PolicyDocument;
}

/** Roles by name, and policies by ARN. */
export const iamState = stateOf(() => ({
  roles: new Map<string, Role>(),
  policies: new Map<string, ManagedPolicy>(),
}));

/** All identity policies of a role; none for a role that does not exist. */
export function policiesOf(world: World, roleArn: string): PolicyDocument[] {
  const role = roleAt(world, roleArn);
  if (!role) return [];
  return [...role.inline.values(), ...[...role.attached].flatMap((arn) => documentOf(world, arn) ?? [])];
}

/** The permissions boundary of a role; one whose policy is gone allows nothing. */
export function boundaryOf(world: World, roleArn: string): PolicyDocument | undefined {
  const boundary = roleAt(world, roleArn)?.boundary;
  return boundary === undefined ? undefined : (documentOf(world, boundary) ?? NOTHING);
}

const NOTHING: PolicyDocument = {};

/** A managed policy's document, of the account or of AWS. */
export function documentOf(world: World, policyArn: string): PolicyDocument | undefined {
  const ofAws = /^arn:aws:iam::aws:policy\/(?:.*\/)?([^/]+)$/.exec(policyArn)?.[1];
  return ofAws ? managedPolicies[ofAws] : iamState(world).policies.get(policyArn)?.document;
}

/** The role with this ARN; its path counts. */
export function roleAt(world: World, roleArn: string): Role | undefined {
  const role = iamState(world).roles.get(roleArn.split("/").at(-1) ?? "");
  return role?.arn === roleArn ? role : undefined;
}
