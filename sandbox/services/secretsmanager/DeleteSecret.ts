import type { DeleteSecretCommandInput, DeleteSecretCommandOutput } from "@aws-sdk/client-secrets-manager";
import { operation, ServiceException } from "../../service.ts";
import { resourceArn, secretNamed, secretsState } from "./state.ts";

const DAY = 86_400_000;

/** Marks a secret for deletion, or forgets it at once when forced. */
export const DeleteSecret = operation<DeleteSecretCommandInput, Omit<DeleteSecretCommandOutput, "$metadata">>(
  {
    authorize: (input, { world }) => [
      { action: "secretsmanager:DeleteSecret", resources: [resourceArn(world, input.SecretId)] },
    ],
    run: (input, { world }) => {
      if (input.ForceDeleteWithoutRecovery && input.RecoveryWindowInDays !== undefined)
        throw new ServiceException(
          "InvalidParameterException",
          "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
        );
      const days = input.RecoveryWindowInDays ?? 30;
      if (days < 7 || days > 30)
        throw new ServiceException(
          "InvalidParameterException",
          "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).",
        );
      const now = world.clock.now();
      if (
        input.ForceDeleteWithoutRecovery &&
        !secretsState(world).has(input.SecretId!) &&
        !input.SecretId!.startsWith("arn:")
      )
        return {
          Name: input.SecretId,
          ARN: world.arn("secretsmanager", `secret:${input.SecretId}`),
          DeletionDate: new Date(now),
        };
      const secret = secretNamed(world, input.SecretId, input.ForceDeleteWithoutRecovery ?? false);
      secret.deletedAt = now;
      secret.recoveryDays = days;
      if (input.ForceDeleteWithoutRecovery) secretsState(world).delete(secret.name);
      return {
        ARN: secret.arn,
        Name: secret.name,
        DeletionDate: new Date(input.ForceDeleteWithoutRecovery ? now : now + days * DAY),
      };
    },
  },
);
