import type {
  GetReusableDelegationSetCommandInput,
  GetReusableDelegationSetCommandOutput,
} from "@aws-sdk/client-route-53";
import { operation } from "../../service.ts";
import { delegationSetAnswer, delegationSetNamed, onDelegationSet } from "./delegation-sets.ts";

/** Answers a reusable delegation set. */
export const GetReusableDelegationSet = operation<
  GetReusableDelegationSetCommandInput,
  Omit<GetReusableDelegationSetCommandOutput, "$metadata">
>({
  authorize: onDelegationSet("GetReusableDelegationSet"),
  run: (input, { world }) => ({
    DelegationSet: delegationSetAnswer(delegationSetNamed(world, input.Id)),
  }),
});
