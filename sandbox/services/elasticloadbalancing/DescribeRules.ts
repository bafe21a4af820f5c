import type {
  DescribeRulesCommandInput,
  DescribeRulesOutput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { operation } from "../../service.ts";
import { ruleAnswer } from "./describe.ts";
import { listenerAt, ruleAt } from "./state.ts";

/** Rules by their ARNs, or those of a listener. */
export const DescribeRules = operation<DescribeRulesCommandInput, DescribeRulesOutput>({
  authorize: () => [{ action: "elasticloadbalancing:DescribeRules", resources: ["*"] }],
  run: (input, { world }) => ({
    Rules: (input.ListenerArn
      ? listenerAt(world, input.ListenerArn).rules
      : (input.RuleArns ?? []).map((arn) => ruleAt(world, arn))
    ).map(ruleAnswer),
  }),
});
