import type {
  BatchGetSecretValueCommandInput,
  BatchGetSecretValueCommandOutput,
} from "@aws-sdk/client-secrets-manager";
import { operation, ServiceException } from "../../service.ts";
import { resourceArn, secretNamed, stagesOf } from "./state.ts";
import { findVersion } from "./versions.ts";

/** Current values of several secrets. */
export const BatchGetSecretValue = operation<
  BatchGetSecretValueCommandInput,
  Omit<BatchGetSecretValueCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "secretsmanager:BatchGetSecretValue", resources: ["*"] },
    ...(input.SecretIdList ?? []).map((id) => ({
      action: "secretsmanager:GetSecretValue",
      resources: [resourceArn(world, id)],
    })),
  ],
  run: (input, { world }) => {
    const values = [];
    const errors = [];
    for (const id of input.SecretIdList ?? []) {
      try {
        const secret = secretNamed(world, id);
        const version = findVersion(secret, undefined, undefined);
        values.push({
          ARN: secret.arn,
          Name: secret.name,
          VersionId: version.id,
          SecretString: version.string,
          SecretBinary: version.binary,
          VersionStages: stagesOf(version),
          CreatedDate: new Date(version.createdAt),
        });
      } catch (error) {
        if (!(error instanceof ServiceException)) throw error;
        errors.push({ SecretId: id, ErrorCode: error.code, Message: error.message });
      }
    }
    return { SecretValues: values, Errors: errors };
  },
});
