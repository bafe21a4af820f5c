import type { DelegationSet as DelegationSetAnswer } from "@aws-sdk/client-route-53";
import { type Authorization, ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { bareId } from "./names.ts";
import { type DelegationSet, route53State } from "./state.ts";

export function delegationSetNamed(world: World, id: string | undefined): DelegationSet {
  const found = route53State(world).delegationSets.get(bareId(id));
  if (!found)
    throw new ServiceException("NoSuchDelegationSet", `No delegation set found with ID: ${bareId(id)}`, {
      status: 400,
    });
  return found;
}

export function delegationSetAnswer(set: DelegationSet): DelegationSetAnswer {
  return {
    Id: `/delegationset/${set.id}`,
    CallerReference: set.callerReference,
    NameServers: set.nameServers,
  };
}

export function onDelegationSet(action: string) {
  return (input: { Id: string | undefined }): Authorization[] => [
    { action: `route53:${action}`, resources: [`arn:aws:route53:::delegationset/${bareId(input.Id)}`] },
  ];
}
