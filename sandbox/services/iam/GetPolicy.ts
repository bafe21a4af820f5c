import type { GetPolicyCommandInput, GetPolicyCommandOutput } from "@aws-sdk/client-iam";
import { operation } from "../../service.ts";
import { policyAnswer, policyAt } from "./policies.ts";

/** A customer managed policy, without its document. */
export const GetPolicy = operation<GetPolicyCommandInput, Omit<GetPolicyCommandOutput, "$metadata">>({
  authorize: (input) => [{ action: "iam:GetPolicy", resources: [input.PolicyArn ?? "*"] }],
  run: (input, { world }) => ({ Policy: policyAnswer(policyAt(world, input.PolicyArn)) }),
});
