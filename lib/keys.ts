import type { Permission } from "../lambdas/runtime/spec.ts";

/** What a role must be allowed with a key, by the calls in which the service uses it in the caller's name. */
interface KeyUse {
  calls: RegExp;
  /** Name in `kms:ViaService`. */
  service: string;
  actions: string[];
  /** Conditions beside `kms:ViaService`. */
  more?: NonNullable<Permission["conditions"]>;
}

/** By call. */
export const KEY_USES: KeyUse[] = [
  // https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
  { calls: /^secretsmanager:GetSecretValue$/, service: "secretsmanager", actions: ["kms:Decrypt"] },
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
  { calls: /^s3:GetObject(Version)?$/, service: "s3", actions: ["kms:Decrypt"] },
  { calls: /^s3:PutObject$/, service: "s3", actions: ["kms:Decrypt", "kms:GenerateDataKey"] },
  // https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
  // Who writes a secure string reads the earlier value; nobody else is given one.
  {
    calls: /^ssm:PutParameter$/,
    service: "ssm",
    actions: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
  },
  // https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-security.html
  { calls: /^appconfig:StartDeployment$/, service: "appconfig", actions: ["kms:GenerateDataKey"] },
  {
    calls: /^appconfig:(GetLatestConfiguration|GetHostedConfigurationVersion)$/,
    service: "appconfig",
    actions: ["kms:Decrypt"],
  },
  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html
  { calls: /^rds:(Restore|CreateDB)/, service: "rds", actions: ["kms:DescribeKey"] },
  {
    calls: /^rds:(Restore|CreateDB)/,
    service: "rds",
    actions: ["kms:CreateGrant"],
    more: { Bool: { "kms:GrantIsForAWSResource": "true" } },
  },
];

/**
 * What a role needs of the customer managed keys with which a plan's resources are encrypted, by what else it may do:
 * only through the service that holds the data, never with the key itself. A key that AWS manages needs nothing. Pure.
 */
export function throughKeys(permissions: Permission[], keys: string[], region: string): Permission[] {
  if (keys.length === 0) return [];
  const calls = permissions.flatMap(({ actions }) => actions);
  return KEY_USES.filter((use) => calls.some((call) => use.calls.test(call))).map(
    ({ service, actions, more }) => ({
      actions,
      resources: keys,
      conditions: { StringEquals: { "kms:ViaService": `${service}.${region}.amazonaws.com` }, ...more },
    }),
  );
}
