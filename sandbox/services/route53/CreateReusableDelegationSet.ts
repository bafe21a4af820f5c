import type {
  CreateReusableDelegationSetCommandInput,
  CreateReusableDelegationSetCommandOutput,
} from "@aws-sdk/client-route-53";
import { operation, ServiceException } from "../../service.ts";
import { randomId } from "../../world.ts";
import { delegationSetAnswer } from "./delegation-sets.ts";
import { onAll } from "./lookup.ts";
import { bareId } from "./names.ts";
import { newNameServers, route53State } from "./state.ts";
import { throttle } from "./throttle.ts";

/** Makes a set of four name servers that several zones can share. */
export const CreateReusableDelegationSet = operation<
  CreateReusableDelegationSetCommandInput,
  Omit<CreateReusableDelegationSetCommandOutput, "$metadata">
>({
  authorize: onAll("CreateReusableDelegationSet"),
  run: (input, { world }) => {
    throttle(world);
    const { delegationSets, zones } = route53State(world);
    if ([...delegationSets.values()].some((each) => each.callerReference === input.CallerReference))
      throw new ServiceException(
        "DelegationSetAlreadyCreated",
        "A delegation set with the same owner and caller reference combination has already been created.",
      );
    const nameServers = input.HostedZoneId
      ? zones.get(bareId(input.HostedZoneId))?.nameServers
      : newNameServers();
    if (!nameServers)
      throw new ServiceException("HostedZoneNotFound", `The specified HostedZone can't be found.`, {
        status: 400,
      });
    const set = { id: `N${randomId(20)}`, callerReference: input.CallerReference!, nameServers };
    delegationSets.set(set.id, set);
    return {
      DelegationSet: delegationSetAnswer(set),
      Location: `https://route53.amazonaws.com/2013-04-01/delegationset/${set.id}`,
    };
  },
});
