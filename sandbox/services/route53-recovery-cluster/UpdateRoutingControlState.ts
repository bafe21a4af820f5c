import type { UpdateRoutingControlStateCommandInput } from "@aws-sdk/client-route53-recovery-cluster";
import { operation } from "../../service.ts";
import { notImplemented } from "../../world.ts";
import { mayUpdate, setStates } from "./state.ts";

/** Turns one routing control on or off. */
export const UpdateRoutingControlState = operation<UpdateRoutingControlStateCommandInput, object>({
  authorize: mayUpdate("UpdateRoutingControlState", ({ RoutingControlArn, SafetyRulesToOverride }) => ({
    arns: [RoutingControlArn],
    override: Boolean(SafetyRulesToOverride?.length),
  })),
  run: ({ RoutingControlArn, RoutingControlState, SafetyRulesToOverride }, { world }) => {
    if (SafetyRulesToOverride?.length)
      throw notImplemented("route53-recovery-cluster", "overriding safety rules");
    setStates(world, [{ arn: RoutingControlArn, state: RoutingControlState }]);
    return {};
  },
});
