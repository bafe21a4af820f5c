import type { UpdateSecretCommandInput, UpdateSecretCommandOutput } from "@aws-sdk/client-secrets-manager";
import { operation } from "../../service.ts";
import { resourceArn, secretNamed } from "./state.ts";
import { addVersion, requireOneValue, requireToken } from "./versions.ts";

/** Changes the description or the key, or adds a current version. */
export const UpdateSecret = operation<UpdateSecretCommandInput, Omit<UpdateSecretCommandOutput, "$metadata">>(
  {
    authorize: (input, { world }) => [
      { action: "secretsmanager:UpdateSecret", resources: [resourceArn(world, input.SecretId)] },
    ],
    run: (input, { world }) => {
      const hasValue = requireOneValue(input);
      const token = hasValue ? requireToken(input.ClientRequestToken) : "";
      const secret = secretNamed(world, input.SecretId);
      if (input.Description !== undefined) secret.description = input.Description;
      if (input.KmsKeyId !== undefined) secret.kmsKeyId = input.KmsKeyId;
      secret.changedAt = world.clock.now();
      const version = hasValue
        ? addVersion(world, secret, { token, string: input.SecretString, binary: input.SecretBinary })
        : undefined;
      return { ARN: secret.arn, Name: secret.name, VersionId: version?.id };
    },
  },
);
