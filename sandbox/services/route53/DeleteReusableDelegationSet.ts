import type {
  DeleteReusableDelegationSetCommandInput,
  DeleteReusableDelegationSetCommandOutput,
} from "@aws-sdk/client-route-53";
import { operation, ServiceException } from "../../service.ts";
import { delegationSetNamed, onDelegationSet } from "./delegation-sets.ts";
import { route53State } from "./state.ts";

/** Deletes a reusable delegation set that no zone uses. */
export const DeleteReusableDelegationSet = operation<
  DeleteReusableDelegationSetCommandInput,
  Omit<DeleteReusableDelegationSetCommandOutput, "$metadata">
>({
  authorize: onDelegationSet("DeleteReusableDelegationSet"),
  run: (input, { world }) => {
    const set = delegationSetNamed(world, input.Id);
    const { zones, delegationSets } = route53State(world);
    if ([...zones.values()].some((zone) => zone.delegationSetId === set.id))
      throw new ServiceException(
        "DelegationSetInUse",
        "The specified delegation contains associated hosted zones which must be deleted before the reusable delegation set can be deleted.",
      );
    delegationSets.delete(set.id);
    return {};
  },
});
