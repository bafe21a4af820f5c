import type {
  GetSecretValueCommandInput,
  GetSecretValueCommandOutput,
} from "@aws-sdk/client-secrets-manager";
import { operation } from "../../service.ts";
import { keyUse } from "../key-use.ts";
import { findSecret, resourceArn, secretNamed, stagesOf } from "./state.ts";
import { findVersion } from "./versions.ts";

/** The value of one version. */
export const GetSecretValue = operation<
  GetSecretValueCommandInput,
  Omit<GetSecretValueCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    {
      action: "secretsmanager:GetSecretValue",
      resources: [resourceArn(world, input.SecretId)],
      context: { "secretsmanager:VersionStage": input.VersionStage ?? "AWSCURRENT" },
    },
    ...keyUse(findSecret(world, input.SecretId ?? "")?.kmsKeyId, "secretsmanager", world.region, [
      "kms:Decrypt",
    ]),
  ],
  run: (input, { world }) => {
    const secret = secretNamed(world, input.SecretId);
    const version = findVersion(secret, input.VersionId, input.VersionStage);
    version.lastAccessedAt = world.clock.now();
    secret.accessedAt = world.clock.now();
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: version.id,
      SecretString: version.string,
      SecretBinary: version.binary,
      VersionStages: version.stages.size > 0 ? stagesOf(version) : undefined,
      CreatedDate: new Date(version.createdAt),
    };
  },
});
