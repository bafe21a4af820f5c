import type { EnableRuleCommandInput, EnableRuleCommandOutput } from "@aws-sdk/client-eventbridge";
import { operation } from "../../service.ts";
import { ruleArn, ruleNamed } from "./state.ts";

/** Switches a rule on. */
export const EnableRule = operation<EnableRuleCommandInput, Omit<EnableRuleCommandOutput, "$metadata">>({
  authorize: (input, { world }) => [
    { action: "events:EnableRule", resources: [ruleArn(world, input.EventBusName, input.Name)] },
  ],
  run: (input, { world }) => {
    ruleNamed(world, input.EventBusName, input.Name).state = "ENABLED";
    return {};
  },
});
