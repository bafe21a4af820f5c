import type {
  PutResourcePolicyCommandInput,
  PutResourcePolicyCommandOutput,
} from "@aws-sdk/client-secrets-manager";
import { operation, ServiceException } from "../../service.ts";
import { resourceArn, secretNamed } from "./state.ts";

/** Sets the resource policy. */
export const PutResourcePolicy = operation<
  PutResourcePolicyCommandInput,
  Omit<PutResourcePolicyCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "secretsmanager:PutResourcePolicy", resources: [resourceArn(world, input.SecretId)] },
  ],
  run: (input, { world }) => {
    const secret = secretNamed(world, input.SecretId);
    try {
      JSON.parse(input.ResourcePolicy!);
    } catch {
      throw new ServiceException(
        "MalformedPolicyDocumentException",
        "This resource policy contains invalid Json.",
      );
    }
    secret.policy = input.ResourcePolicy;
    return { ARN: secret.arn, Name: secret.name };
  },
});
