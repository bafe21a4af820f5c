import type { PutBucketTaggingCommandInput, Tag } from "@aws-sdk/client-s3";
import { settingOperations } from "./settings.ts";

/** Tags of a bucket. */
export const bucketTagging = settingOperations<PutBucketTaggingCommandInput, { TagSet: Tag[] }>(
  "Tagging",
  (value: { TagSet: Tag[] }) => ({ TagSet: value.TagSet }),
  {
    readAction: "s3:GetBucketTagging",
    writeAction: "s3:PutBucketTagging",
    missing: { code: "NoSuchTagSet", message: "The TagSet does not exist" },
  },
);
