import type { GetPolicyVersionCommandInput, GetPolicyVersionCommandOutput } from "@aws-sdk/client-iam";
import { operation } from "../../service.ts";
import { policyAt } from "./policies.ts";

/** The one version of a customer managed policy. */
export const GetPolicyVersion = operation<
  GetPolicyVersionCommandInput,
  Omit<GetPolicyVersionCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "iam:GetPolicyVersion", resources: [input.PolicyArn ?? "*"] }],
  run: (input, { world }) => ({
    PolicyVersion: {
      VersionId: "v1",
      IsDefaultVersion: true,
      Document: encodeURIComponent(JSON.stringify(policyAt(world, input.PolicyArn).document)),
    },
  }),
});
