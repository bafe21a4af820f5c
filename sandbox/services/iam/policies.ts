import { ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { iamState, type ManagedPolicy } from "./state.ts";

/** A customer managed policy, or NoSuchEntity. */
export function policyAt(world: World, arn: string | undefined): ManagedPolicy {
  const policy = iamState(world).policies.get(arn ?? "");
  if (!policy) throw new ServiceException("NoSuchEntityException", `Policy ${arn} was not found.`);
  return policy;
}

/** A policy as IAM answers it. */
export const policyAnswer = ({ name, arn, id, path }: ManagedPolicy) => ({
  PolicyName: name,
  Arn: arn,
  PolicyId: id,
  Path: path,
  DefaultVersionId: "v1",
  IsAttachable: true,
});
