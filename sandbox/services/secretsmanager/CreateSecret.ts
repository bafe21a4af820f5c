import type { CreateSecretCommandInput, CreateSecretCommandOutput } from "@aws-sdk/client-secrets-manager";
import { operation, ServiceException } from "../../service.ts";
import { newArn, requireName, type Secret, secretsState } from "./state.ts";
import { addVersion, hasSameValue, requireOneValue, requireToken } from "./versions.ts";

/** A new secret, with a first version if it has a value. */
export const CreateSecret = operation<CreateSecretCommandInput, Omit<CreateSecretCommandOutput, "$metadata">>(
  {
    authorize: (input, { world }) => [
      {
        action: "secretsmanager:CreateSecret",
        resources: [world.arn("secretsmanager", `secret:${input.Name}-??????`)],
        context: { "secretsmanager:Name": input.Name ?? "" },
      },
    ],
    run: (input, { world }) => {
      const secrets = secretsState(world);
      const hasValue = requireOneValue(input);
      const name = requireName(input.Name);
      const existing = secrets.get(name);
      if (existing?.deletedAt !== undefined)
        throw new ServiceException(
          "InvalidRequestException",
          "You can't create this secret because a secret with this name is already scheduled for deletion.",
        );
      if (existing) {
        const same = existing.versions.find(({ id }) => id === input.ClientRequestToken);
        if (same && hasSameValue(same, { string: input.SecretString, binary: input.SecretBinary }))
          return { ARN: existing.arn, Name: name, VersionId: same.id };
        throw new ServiceException(
          "ResourceExistsException",
          `The operation failed because the secret ${name} already exists.`,
        );
      }
      const token = hasValue ? requireToken(input.ClientRequestToken) : "";
      const now = world.clock.now();
      const secret: Secret = {
        name,
        arn: newArn(world, name),
        description: input.Description,
        kmsKeyId: input.KmsKeyId,
        createdAt: now,
        changedAt: now,
        accessedAt: undefined,
        deletedAt: undefined,
        recoveryDays: 30,
        versions: [],
        tags: input.Tags?.map(({ Key = "", Value = "" }) => ({ Key, Value })),
        policy: undefined,
        rotation: undefined,
      };
      secrets.set(name, secret);
      const version = hasValue
        ? addVersion(world, secret, { token, string: input.SecretString, binary: input.SecretBinary })
        : undefined;
      return { ARN: secret.arn, Name: name, VersionId: version?.id };
    },
  },
);
