import type { Secret } from "./state.ts";
import { day, labelled } from "./versions.ts";

const DAY = 86_400_000;

/** A secret as DescribeSecret and ListSecrets answer it; they name the labels differently. */
export function secretAnswer(
  secret: Secret,
  labels: "VersionIdsToStages" | "SecretVersionsToStages",
): Record<string, unknown> {
  const { rotation } = secret;
  const last = rotation?.rotatedAt;
  const every = rotation?.rules.AutomaticallyAfterDays;
  return {
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description || undefined,
    KmsKeyId: secret.kmsKeyId,
    RotationEnabled: rotation?.enabled ? true : undefined,
    RotationLambdaARN: rotation?.lambdaArn,
    RotationRules: rotation?.rules,
    LastRotatedDate: last === undefined ? undefined : new Date(last),
    LastChangedDate: new Date(secret.changedAt),
    LastAccessedDate: day(secret.accessedAt),
    DeletedDate:
      secret.deletedAt === undefined ? undefined : new Date(secret.deletedAt + secret.recoveryDays * DAY),
    NextRotationDate:
      rotation?.enabled && last !== undefined && every !== undefined
        ? new Date(last + every * DAY)
        : undefined,
    Tags: secret.tags,
    [labels]: labelled(secret),
    CreatedDate: new Date(secret.createdAt),
  };
}
