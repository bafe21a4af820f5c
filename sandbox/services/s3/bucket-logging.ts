import type { BucketLoggingStatus, PutBucketLoggingCommandInput } from "@aws-sdk/client-s3";
import { settingOperations } from "./settings.ts";

/** Access logging; the sandbox writes no access logs. */
export const bucketLogging = settingOperations<PutBucketLoggingCommandInput, BucketLoggingStatus>(
  "BucketLoggingStatus",
  (value: BucketLoggingStatus) => value,
  {
    readAction: "s3:GetBucketLogging",
    writeAction: "s3:PutBucketLogging",
    missing: { code: "NoSuchBucket", message: "" },
    initial: {},
  },
);
