import type { DBInstance } from "@aws-sdk/client-rds";

/**
 * What a restored instance will not have and this product may not give it, each for a person: it is said before the
 * restore begins and once more when it is done. Restores give none of it
 * (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html). Pure.
 */
export function absentFromCopy(source: DBInstance): string[] {
  const { MasterUserSecret: secret, ReadReplicaDBInstanceIdentifiers: replicas = [] } = source;
  const lines = [
    ...(source.AssociatedRoles ?? []).map(
      ({ FeatureName, RoleArn }) => `the role ${RoleArn} for ${FeatureName}: add it to the copy`,
    ),
    ...(source.DomainMemberships ?? []).map(
      ({ Domain, FQDN }) => `the directory ${FQDN ?? Domain}: join the copy to it`,
    ),
  ];
  if (secret)
    lines.push(
      `a master password that Secrets Manager keeps: ${secret.SecretArn} stays the source's, and the copy has the password of the restored moment until it is told to have its own`,
    );
  if (replicas.length > 0) lines.push(`the read replicas ${replicas.join(", ")}: make new ones of the copy`);
  if (source.ActivityStreamStatus && source.ActivityStreamStatus !== "stopped")
    lines.push(`the activity stream ${source.ActivityStreamKinesisStreamName ?? ""}`.trim());
  for (const { DBInstanceAutomatedBackupsArn: arn } of source.DBInstanceAutomatedBackupsReplications ?? [])
    lines.push(`the backups kept in another Region, ${arn}: replicate the copy's`);
  return lines;
}
