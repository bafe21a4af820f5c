import type { DescribeSecretResponse } from "@aws-sdk/client-secrets-manager";
import { refusal } from "../../runtime/errors.ts";

/** Refuses a secret whose labels Secrets Manager would not move here. Pure. */
export function mustBeOurs(
  secret: string,
  { DeletedDate, OwningService, PrimaryRegion }: DescribeSecretResponse,
  region: string,
): void {
  if (DeletedDate)
    throw refusal(
      `The secret ${secret} is marked for deletion since ${DeletedDate.toISOString()}. Nothing was changed. Bring it back (aws secretsmanager restore-secret), then start the run again.`,
    );
  if (OwningService)
    throw refusal(
      `The secret ${secret} belongs to ${OwningService}, which alone may change it. Nothing was changed. Let that service set another password.`,
    );
  if (PrimaryRegion && PrimaryRegion !== region)
    throw refusal(
      `The secret ${secret} is a replica in ${region}; labels are moved in its primary Region ${PrimaryRegion}, and replicas follow. Nothing was changed. Deploy this plan in ${PrimaryRegion}.`,
    );
}

/** What else a person must know before the label moves. Pure. */
export const sideEffects = ({
  RotationEnabled,
  ReplicationStatus = [],
}: DescribeSecretResponse): string[] => [
  ...(RotationEnabled
    ? [
        "rotation is on: with a single user it has set another password, and the earlier version's works no more",
      ]
    : []),
  ...(ReplicationStatus.length > 0
    ? [
        `replicas in ${ReplicationStatus.map(({ Region }) => Region).join(", ")} follow by themselves, a little later`,
      ]
    : []),
];
