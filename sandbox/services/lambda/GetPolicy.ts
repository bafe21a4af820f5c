import type { GetPolicyCommandInput, GetPolicyCommandOutput } from "@aws-sdk/client-lambda";
import { operation } from "../../service.ts";
import { onFunction } from "./authorize.ts";
import { functionNamed, referenceOf } from "./lookup.ts";
import { policyDocument, policyOf } from "./policies.ts";

/** Answers a function's policy as JSON text. */
export const GetPolicy = operation<GetPolicyCommandInput, Omit<GetPolicyCommandOutput, "$metadata">>({
  authorize: onFunction("GetPolicy"),
  run: (input, { world }) => {
    const of = functionNamed(world, input.FunctionName);
    const { qualifier } = referenceOf(input.FunctionName, input.Qualifier);
    const policy = policyOf(of, qualifier);
    return { Policy: JSON.stringify(policyDocument(policy)), RevisionId: policy.revisionId };
  },
});
