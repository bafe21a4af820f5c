import type { UpdateRoutingControlStatesCommandInput } from "@aws-sdk/client-route53-recovery-cluster";
import { operation } from "../../service.ts";
import { notImplemented } from "../../world.ts";
import { mayUpdate, setStates } from "./state.ts";

/** Turns several routing controls on and off at once, all or none. */
export const UpdateRoutingControlStates = operation<UpdateRoutingControlStatesCommandInput, object>({
  authorize: mayUpdate(
    "UpdateRoutingControlStates",
    ({ UpdateRoutingControlStateEntries, SafetyRulesToOverride }) => ({
      arns: (UpdateRoutingControlStateEntries ?? []).map(({ RoutingControlArn }) => RoutingControlArn),
      override: Boolean(SafetyRulesToOverride?.length),
    }),
  ),
  run: ({ UpdateRoutingControlStateEntries = [], SafetyRulesToOverride }, { world }) => {
    if (SafetyRulesToOverride?.length)
      throw notImplemented("route53-recovery-cluster", "overriding safety rules");
    setStates(
      world,
      (UpdateRoutingControlStateEntries ?? []).map(({ RoutingControlArn, RoutingControlState }) => ({
        arn: RoutingControlArn,
        state: RoutingControlState,
      })),
    );
    return {};
  },
});
