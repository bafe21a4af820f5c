import type {
  CancelRotateSecretCommandInput,
  CancelRotateSecretCommandOutput,
} from "@aws-sdk/client-secrets-manager";
import { operation, ServiceException } from "../../service.ts";
import { resourceArn, secretNamed } from "./state.ts";

/** Switches rotation off. */
export const CancelRotateSecret = operation<
  CancelRotateSecretCommandInput,
  Omit<CancelRotateSecretCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "secretsmanager:CancelRotateSecret", resources: [resourceArn(world, input.SecretId)] },
  ],
  run: (input, { world }) => {
    const secret = secretNamed(world, input.SecretId);
    if (!secret.rotation)
      throw new ServiceException("InvalidRequestException", "Rotation is not enabled for this secret.");
    secret.rotation.enabled = false;
    return { ARN: secret.arn, Name: secret.name };
  },
});
