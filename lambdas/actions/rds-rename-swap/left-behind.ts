import type { DBInstance } from "@aws-sdk/client-rds";

/** What belongs to the old instance itself and not to its name: it stays behind with it. Pure. */
export function leftBehind(live: DBInstance): string[] {
  const replicas = [
    ...(live.ReadReplicaDBInstanceIdentifiers ?? []),
    ...(live.ReadReplicaDBClusterIdentifiers ?? []),
  ];
  return [
    ...(replicas.length > 0
      ? [
          `its read replicas ${replicas.join(", ")} go on copying the old instance: make new ones of the restored`,
        ]
      : []),
    ...(live.IAMDatabaseAuthenticationEnabled
      ? [
          `logins by IAM are allowed on ${live.DbiResourceId}, which is the old instance: policies with rds-db:connect need the restored one's resource id`,
        ]
      : []),
    ...(live.MasterUserSecret?.SecretArn
      ? [`the secret ${live.MasterUserSecret.SecretArn}, which RDS manages, stays the old instance's`]
      : []),
  ];
}
