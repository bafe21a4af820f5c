import type { PutBucketEncryptionCommandInput, ServerSideEncryptionConfiguration } from "@aws-sdk/client-s3";
import { settingOperations } from "./settings.ts";

/** Default encryption; every bucket has SSE-S3. */
export const bucketEncryption = settingOperations<
  PutBucketEncryptionCommandInput,
  { ServerSideEncryptionConfiguration: ServerSideEncryptionConfiguration }
>("ServerSideEncryptionConfiguration", (value) => ({ ServerSideEncryptionConfiguration: value }), {
  readAction: "s3:GetEncryptionConfiguration",
  writeAction: "s3:PutEncryptionConfiguration",
  missing: {
    code: "ServerSideEncryptionConfigurationNotFoundError",
    message: "The server side encryption configuration was not found",
  },
  initial: {
    Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" }, BucketKeyEnabled: false }],
  },
});
