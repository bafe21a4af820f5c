import type {
  ListReusableDelegationSetsCommandInput,
  ListReusableDelegationSetsCommandOutput,
} from "@aws-sdk/client-route-53";
import { operation } from "../../service.ts";
import { delegationSetAnswer } from "./delegation-sets.ts";
import { onAll, pageOf } from "./lookup.ts";
import { route53State } from "./state.ts";

/** Lists reusable delegation sets. */
export const ListReusableDelegationSets = operation<
  ListReusableDelegationSetsCommandInput,
  Omit<ListReusableDelegationSetsCommandOutput, "$metadata">
>({
  authorize: onAll("ListReusableDelegationSets"),
  run: (input, { world }) => {
    const { items, size, next } = pageOf(
      [...route53State(world).delegationSets.values()],
      (set) => set.id,
      input.Marker,
      input.MaxItems,
    );
    return {
      DelegationSets: items.map(delegationSetAnswer),
      Marker: input.Marker,
      IsTruncated: next !== undefined,
      ...(next === undefined ? {} : { NextMarker: next }),
      MaxItems: size,
    };
  },
});
