import type { ServerSideEncryption, ServerSideEncryptionConfiguration } from "@aws-sdk/client-s3";
import type { Bucket } from "./state.ts";

/** How an object is encrypted, as its answers say it. The sandbox encrypts nothing. */
export interface Encryption {
  ServerSideEncryption?: ServerSideEncryption | undefined;
  SSEKMSKeyId?: string | undefined;
  BucketKeyEnabled?: boolean | undefined;
}

/** What a write asks for, or else the bucket's default: a copy takes nothing of it from its source. */
export function encryptionOf(bucket: Bucket, input: Encryption): Encryption {
  const { Rules = [] } = (bucket.settings.get("ServerSideEncryptionConfiguration") ??
    {}) as Partial<ServerSideEncryptionConfiguration>;
  const usual = Rules[0]?.ApplyServerSideEncryptionByDefault;
  const ServerSideEncryption = input.ServerSideEncryption ?? usual?.SSEAlgorithm ?? "AES256";
  if (!ServerSideEncryption.startsWith("aws:kms")) return { ServerSideEncryption };
  const SSEKMSKeyId = input.SSEKMSKeyId ?? (input.ServerSideEncryption ? undefined : usual?.KMSMasterKeyID);
  const BucketKeyEnabled = input.BucketKeyEnabled ?? Rules[0]?.BucketKeyEnabled ?? false;
  return {
    ServerSideEncryption,
    ...(SSEKMSKeyId ? { SSEKMSKeyId } : {}),
    ...(BucketKeyEnabled ? { BucketKeyEnabled } : {}),
  };
}
