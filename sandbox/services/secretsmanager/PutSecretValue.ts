import type {
  PutSecretValueCommandInput,
  PutSecretValueCommandOutput,
} from "@aws-sdk/client-secrets-manager";
import { operation, ServiceException } from "../../service.ts";
import { resourceArn, secretNamed, stagesOf } from "./state.ts";
import { addVersion, requireOneValue, requireToken } from "./versions.ts";

/** A new version; AWSCURRENT moves to it unless labels are given. */
export const PutSecretValue = operation<
  PutSecretValueCommandInput,
  Omit<PutSecretValueCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "secretsmanager:PutSecretValue", resources: [resourceArn(world, input.SecretId)] },
  ],
  run: (input, { world }) => {
    const token = requireToken(input.ClientRequestToken);
    const secret = secretNamed(world, input.SecretId);
    if (!requireOneValue(input))
      throw new ServiceException(
        "InvalidRequestException",
        "You must provide either SecretString or SecretBinary.",
      );
    const version = addVersion(world, secret, {
      token,
      string: input.SecretString,
      binary: input.SecretBinary,
      stages: input.VersionStages,
    });
    return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: stagesOf(version) };
  },
});
