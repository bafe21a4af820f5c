import { boolean, defined, number } from "./resource.ts";

interface Setting {
  operation: string;
  request(value: never): object;
}

/** Properties of AWS::S3::Bucket that are calls of their own, with the request each becomes. */
export const bucketSettings: Record<string, Setting> = {
  VersioningConfiguration: {
    operation: "PutBucketVersioning",
    request: (value: { Status: string }) => ({ VersioningConfiguration: { Status: value.Status } }),
  },
  BucketEncryption: {
    operation: "PutBucketEncryption",
    request: ({
      ServerSideEncryptionConfiguration: rules,
    }: {
      ServerSideEncryptionConfiguration: EncryptionRule[];
    }) => ({
      ServerSideEncryptionConfiguration: {
        Rules: rules.map(({ ServerSideEncryptionByDefault, BucketKeyEnabled }) =>
          defined({
            ApplyServerSideEncryptionByDefault: ServerSideEncryptionByDefault,
            BucketKeyEnabled: boolean(BucketKeyEnabled),
          }),
        ),
      },
    }),
  },
  PublicAccessBlockConfiguration: {
    operation: "PutPublicAccessBlock",
    request: (value: Record<string, unknown>) => ({
      PublicAccessBlockConfiguration: Object.fromEntries(
        Object.entries(value).map(([name, each]) => [name, boolean(each)]),
      ),
    }),
  },
  LifecycleConfiguration: {
    operation: "PutBucketLifecycleConfiguration",
    request: ({ Rules }: { Rules: LifecycleRule[] }) => ({
      LifecycleConfiguration: { Rules: Rules.map(lifecycleRule) },
    }),
  },
  OwnershipControls: {
    operation: "PutBucketOwnershipControls",
    request: (value: object) => ({ OwnershipControls: value }),
  },
  LoggingConfiguration: {
    operation: "PutBucketLogging",
    request: ({
      DestinationBucketName,
      LogFilePrefix,
    }: {
      DestinationBucketName?: string;
      LogFilePrefix?: string;
    }) => ({
      BucketLoggingStatus: {
        LoggingEnabled: { TargetBucket: DestinationBucketName, TargetPrefix: LogFilePrefix ?? "" },
      },
    }),
  },
  Tags: {
    operation: "PutBucketTagging",
    request: (value: object[]) => ({ Tagging: { TagSet: value } }),
  },
};

interface EncryptionRule {
  ServerSideEncryptionByDefault?: object;
  BucketKeyEnabled?: unknown;
}

interface LifecycleRule {
  Id?: string;
  Status: string;
  Prefix?: string;
  ExpirationInDays?: unknown;
  ExpiredObjectDeleteMarker?: unknown;
  NoncurrentVersionExpiration?: { NoncurrentDays?: unknown; NewerNoncurrentVersions?: unknown };
  AbortIncompleteMultipartUpload?: { DaysAfterInitiation?: unknown };
  Transitions?: { StorageClass: string; TransitionInDays?: unknown }[];
  NoncurrentVersionTransitions?: { StorageClass: string; TransitionInDays?: unknown }[];
}

function lifecycleRule(rule: LifecycleRule): object {
  const { NoncurrentVersionExpiration: noncurrent, AbortIncompleteMultipartUpload: abort } = rule;
  const expires = rule.ExpirationInDays !== undefined || rule.ExpiredObjectDeleteMarker !== undefined;
  return defined({
    ID: rule.Id,
    Status: rule.Status,
    Filter: { Prefix: rule.Prefix ?? "" },
    Expiration: expires
      ? defined({
          Days: number(rule.ExpirationInDays),
          ExpiredObjectDeleteMarker: boolean(rule.ExpiredObjectDeleteMarker),
        })
      : undefined,
    NoncurrentVersionExpiration: noncurrent
      ? defined({
          NoncurrentDays: number(noncurrent.NoncurrentDays),
          NewerNoncurrentVersions: number(noncurrent.NewerNoncurrentVersions),
        })
      : undefined,
    AbortIncompleteMultipartUpload: abort
      ? { DaysAfterInitiation: number(abort.DaysAfterInitiation) }
      : undefined,
    Transitions: rule.Transitions?.map((each) => ({
      StorageClass: each.StorageClass,
      Days: number(each.TransitionInDays),
    })),
    NoncurrentVersionTransitions: rule.NoncurrentVersionTransitions?.map((each) => ({
      StorageClass: each.StorageClass,
      NoncurrentDays: number(each.TransitionInDays),
    })),
  });
}
