import type { DeleteRuleCommandInput, DeleteRuleCommandOutput } from "@aws-sdk/client-eventbridge";
import { operation, ServiceException } from "../../service.ts";
import { busNamed, ruleArn } from "./state.ts";

/** Deletes a rule that has no targets; one that does not exist is no error. */
export const DeleteRule = operation<DeleteRuleCommandInput, Omit<DeleteRuleCommandOutput, "$metadata">>({
  authorize: (input, { world }) => [
    { action: "events:DeleteRule", resources: [ruleArn(world, input.EventBusName, input.Name)] },
  ],
  run: (input, { world }) => {
    const bus = busNamed(world, input.EventBusName);
    const rule = bus.rules.get(input.Name!);
    if (!rule) return {};
    if (rule.targets.size > 0)
      throw new ServiceException("ValidationException", "Rule can't be deleted since it has targets.");
    rule.cancel();
    bus.rules.delete(rule.name);
    return {};
  },
});
