import type {
  ListRuleNamesByTargetCommandInput,
  ListRuleNamesByTargetCommandOutput,
} from "@aws-sdk/client-eventbridge";
import { operation } from "../../service.ts";
import { page } from "./paging.ts";
import { busNamed } from "./state.ts";

/** Rules that a target belongs to. */
export const ListRuleNamesByTarget = operation<
  ListRuleNamesByTargetCommandInput,
  Omit<ListRuleNamesByTargetCommandOutput, "$metadata">
>({
  authorize: () => [{ action: "events:ListRuleNamesByTarget", resources: ["*"] }],
  run: (input, { world }) => {
    const names = [...busNamed(world, input.EventBusName).rules.values()]
      .filter(({ targets }) => [...targets.values()].some(({ Arn }) => Arn === input.TargetArn))
      .map(({ name }) => name)
      .toSorted();
    const { items, next } = page(names, input);
    return { RuleNames: items, ...next };
  },
});
