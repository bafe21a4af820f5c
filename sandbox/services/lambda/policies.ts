import { randomUUID } from "node:crypto";
import { ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { type FunctionReference, revisionOf } from "./lookup.ts";
import { type LambdaFunction, lambdaState, type ResourcePolicy } from "./state.ts";

/** The policy of a function or of one qualifier; it must have one. */
export function policyOf(of: LambdaFunction, qualifier: string | undefined): ResourcePolicy {
  if (qualifier) revisionOf(of, qualifier);
  const found = of.policies.get(qualifier ?? "");
  if (!found || found.statements.length === 0)
    throw new ServiceException("ResourceNotFoundException", "The resource you requested does not exist.", {
      status: 404,
      members: { Type: "User" },
    });
  return found;
}

/** The policy of a qualifier, made when there is none. */
export function openPolicy(of: LambdaFunction, qualifier: string | undefined): ResourcePolicy {
  const key = qualifier ?? "";
  const found = of.policies.get(key) ?? { revisionId: randomUUID(), statements: [] };
  of.policies.set(key, found);
  return found;
}

export function policyDocument(policy: ResourcePolicy): object {
  return { Version: "2012-10-17", Id: "default", Statement: policy.statements };
}

const documents = new WeakMap<ResourcePolicy, { revisionId: string; document: object }>();

/** What IAM evaluates for calls on an ARN; the same object until the policy changes, so that it is compiled once. */
export function resourcePolicy(world: World, { name, qualifier }: FunctionReference): object | undefined {
  const policy = lambdaState(world)
    .functions.get(name)
    ?.policies.get(qualifier ?? "");
  if (!policy) return undefined;
  const known = documents.get(policy);
  if (known?.revisionId === policy.revisionId) return known.document;
  const document = policyDocument({ ...policy, statements: [...policy.statements] });
  documents.set(policy, { revisionId: policy.revisionId, document });
  return document;
}
