import type { RestoreSecretCommandInput, RestoreSecretCommandOutput } from "@aws-sdk/client-secrets-manager";
import { operation } from "../../service.ts";
import { resourceArn, secretNamed } from "./state.ts";

/** Takes a deletion back. */
export const RestoreSecret = operation<
  RestoreSecretCommandInput,
  Omit<RestoreSecretCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "secretsmanager:RestoreSecret", resources: [resourceArn(world, input.SecretId)] },
  ],
  run: (input, { world }) => {
    const secret = secretNamed(world, input.SecretId, true);
    secret.deletedAt = undefined;
    return { ARN: secret.arn, Name: secret.name };
  },
});
