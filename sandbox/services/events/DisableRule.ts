import type { DisableRuleCommandInput, DisableRuleCommandOutput } from "@aws-sdk/client-eventbridge";
import { operation } from "../../service.ts";
import { ruleArn, ruleNamed } from "./state.ts";

/** Switches a rule off; its targets stay. */
export const DisableRule = operation<DisableRuleCommandInput, Omit<DisableRuleCommandOutput, "$metadata">>({
  authorize: (input, { world }) => [
    { action: "events:DisableRule", resources: [ruleArn(world, input.EventBusName, input.Name)] },
  ],
  run: (input, { world }) => {
    ruleNamed(world, input.EventBusName, input.Name).state = "DISABLED";
    return {};
  },
});
