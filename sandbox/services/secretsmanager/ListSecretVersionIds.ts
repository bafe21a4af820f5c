import type {
  ListSecretVersionIdsCommandInput,
  ListSecretVersionIdsCommandOutput,
} from "@aws-sdk/client-secrets-manager";
import { operation } from "../../service.ts";
import { resourceArn, secretNamed, stagesOf } from "./state.ts";
import { day } from "./versions.ts";

/** Versions with a label; deprecated ones only when asked for, without the field. */
export const ListSecretVersionIds = operation<
  ListSecretVersionIdsCommandInput,
  Omit<ListSecretVersionIdsCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "secretsmanager:ListSecretVersionIds", resources: [resourceArn(world, input.SecretId)] },
  ],
  run: (input, { world }) => {
    const secret = secretNamed(world, input.SecretId);
    const versions = secret.versions.filter(({ stages }) => input.IncludeDeprecated || stages.size > 0);
    return {
      ARN: secret.arn,
      Name: secret.name,
      Versions: versions.map((version) => ({
        VersionId: version.id,
        VersionStages: version.stages.size > 0 ? stagesOf(version) : undefined,
        LastAccessedDate: day(version.lastAccessedAt),
        CreatedDate: new Date(version.createdAt),
        KmsKeyIds: [secret.kmsKeyId ?? "DefaultEncryptionKey"],
      })),
    };
  },
});
