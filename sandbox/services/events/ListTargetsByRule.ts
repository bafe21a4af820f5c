import type {
  ListTargetsByRuleCommandInput,
  ListTargetsByRuleCommandOutput,
} from "@aws-sdk/client-eventbridge";
import { operation } from "../../service.ts";
import { page } from "./paging.ts";
import { ruleArn, ruleNamed } from "./state.ts";

/** Targets of a rule. */
export const ListTargetsByRule = operation<
  ListTargetsByRuleCommandInput,
  Omit<ListTargetsByRuleCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "events:ListTargetsByRule", resources: [ruleArn(world, input.EventBusName, input.Rule)] },
  ],
  run: (input, { world }) => {
    const { items, next } = page(
      [...ruleNamed(world, input.EventBusName, input.Rule).targets.values()],
      input,
    );
    return { Targets: items, ...next };
  },
});
