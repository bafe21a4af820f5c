import type { PublicAccessBlockConfiguration, PutPublicAccessBlockCommandInput } from "@aws-sdk/client-s3";
import { settingOperations } from "./settings.ts";

/** Block Public Access; all on for a new bucket, as since 2023. */
export const publicAccessBlock = settingOperations<
  PutPublicAccessBlockCommandInput,
  { PublicAccessBlockConfiguration: PublicAccessBlockConfiguration }
>("PublicAccessBlockConfiguration", (value) => ({ PublicAccessBlockConfiguration: value }), {
  readAction: "s3:GetBucketPublicAccessBlock",
  writeAction: "s3:PutBucketPublicAccessBlock",
  missing: {
    code: "NoSuchPublicAccessBlockConfiguration",
    message: "The public access block configuration was not found",
  },
  initial: {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  },
});
