import type { OwnershipControls, PutBucketOwnershipControlsCommandInput } from "@aws-sdk/client-s3";
import { settingOperations } from "./settings.ts";

/** Who owns what others write; ACLs are off for a new bucket. */
export const bucketOwnership = settingOperations<
  PutBucketOwnershipControlsCommandInput,
  { OwnershipControls: OwnershipControls }
>("OwnershipControls", (value) => ({ OwnershipControls: value }), {
  readAction: "s3:GetBucketOwnershipControls",
  writeAction: "s3:PutBucketOwnershipControls",
  missing: {
    code: "OwnershipControlsNotFoundError",
    message: "The bucket ownership controls were not found",
  },
  initial: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
});
