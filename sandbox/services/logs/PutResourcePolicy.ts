import type {
  PutResourcePolicyCommandInput,
  PutResourcePolicyResponse,
} from "@aws-sdk/client-cloudwatch-logs";
import { compilePolicy, type PolicyDocument } from "../../front/iam/policy.ts";
import { operation, ServiceException } from "../../service.ts";
import { logsState, revision, setPolicy } from "./state.ts";

/** Lets AWS services write to groups of this account; ten policies at most. */
export const PutResourcePolicy = operation<PutResourcePolicyCommandInput, PutResourcePolicyResponse>({
  authorize: () => [{ action: "logs:PutResourcePolicy", resources: ["*"] }],
  run: (input, { world }) => {
    const { policies } = logsState(world);
    const name = input.policyName ?? "";
    const document = input.policyDocument ?? "";
    let parsed: PolicyDocument;
    try {
      parsed = JSON.parse(document);
      compilePolicy(parsed);
    } catch (cause) {
      throw new ServiceException("InvalidParameterException", `Invalid resource policy: ${String(cause)}`);
    }
    if (!policies.has(name) && policies.size >= 10)
      throw new ServiceException("LimitExceededException", "Resource limit exceeded.");
    const policy = { document, parsed, at: Math.floor(world.clock.now()), revision: revision() };
    setPolicy(world, name, policy);
    return {
      resourcePolicy: { policyName: name, policyDocument: document, lastUpdatedTime: policy.at },
      revisionId: policy.revision,
    };
  },
});
