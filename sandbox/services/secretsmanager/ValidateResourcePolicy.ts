import type {
  ValidateResourcePolicyCommandInput,
  ValidateResourcePolicyCommandOutput,
} from "@aws-sdk/client-secrets-manager";
import { operation, ServiceException } from "../../service.ts";
import { secretNamed } from "./state.ts";

/** Whether a policy is well-formed. */
export const ValidateResourcePolicy = operation<
  ValidateResourcePolicyCommandInput,
  Omit<ValidateResourcePolicyCommandOutput, "$metadata">
>({
  authorize: () => [{ action: "secretsmanager:ValidateResourcePolicy", resources: ["*"] }],
  run: (input, { world }) => {
    if (input.SecretId !== undefined) secretNamed(world, input.SecretId);
    try {
      JSON.parse(input.ResourcePolicy!);
    } catch {
      throw new ServiceException(
        "MalformedPolicyDocumentException",
        "This resource policy contains invalid Json.",
      );
    }
    return { PolicyValidationPassed: true, ValidationErrors: [] };
  },
});
