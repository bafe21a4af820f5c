import type { DeleteSecretCommandInput, DeleteSecretCommandOutput } from "@aws-sdk/client-secrets-manager";
import { operation, ServiceException } from "../../service.ts";
import { findSecret, newArn, requireName, resourceArn, secretNamed, secretsState } from "./state.ts";

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
      const id = requireName(input.SecretId);
      // Forced, AWS answers for a secret that does not exist as if it had been deleted.
      if (input.ForceDeleteWithoutRecovery && !findSecret(world, id) && !id.startsWith("arn:"))
        return { Name: id, ARN: newArn(world, id), DeletionDate: new Date(now) };
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
