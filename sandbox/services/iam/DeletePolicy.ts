import type { DeletePolicyCommandInput } from "@aws-sdk/client-iam";
import { operation, ServiceException } from "../../service.ts";
import { policyAt } from "./policies.ts";
import { iamState } from "./state.ts";

/** Deletes a customer managed policy that no role has. */
export const DeletePolicy = operation<DeletePolicyCommandInput, object>({
  authorize: (input) => [{ action: "iam:DeletePolicy", resources: [input.PolicyArn ?? "*"] }],
  run: (input, { world }) => {
    const { arn } = policyAt(world, input.PolicyArn);
    const { roles, policies } = iamState(world);
    if ([...roles.values()].some((role) => role.attached.has(arn)))
      throw new ServiceException("DeleteConflictException", "Cannot delete a policy attached to entities.");
    policies.delete(arn);
    return {};
  },
});
