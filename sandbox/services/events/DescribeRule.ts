import type { DescribeRuleCommandInput, DescribeRuleCommandOutput } from "@aws-sdk/client-eventbridge";
import { operation } from "../../service.ts";
import { ruleAnswer } from "./answers.ts";
import { ruleArn, ruleNamed } from "./state.ts";

/** One rule. */
export const DescribeRule = operation<DescribeRuleCommandInput, Omit<DescribeRuleCommandOutput, "$metadata">>(
  {
    authorize: (input, { world }) => [
      { action: "events:DescribeRule", resources: [ruleArn(world, input.EventBusName, input.Name)] },
    ],
    run: (input, { world, account }) => ({
      ...ruleAnswer(ruleNamed(world, input.EventBusName, input.Name)),
      CreatedBy: account,
    }),
  },
);
