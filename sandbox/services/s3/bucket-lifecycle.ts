import type { LifecycleRule, PutBucketLifecycleConfigurationCommandInput } from "@aws-sdk/client-s3";
import { settingOperations } from "./settings.ts";

/** Lifecycle rules; the sandbox expires nothing. */
export const bucketLifecycle = settingOperations<
  PutBucketLifecycleConfigurationCommandInput,
  { Rules: LifecycleRule[] }
>("LifecycleConfiguration", (value: { Rules: LifecycleRule[] }) => ({ Rules: value.Rules }), {
  readAction: "s3:GetLifecycleConfiguration",
  writeAction: "s3:PutLifecycleConfiguration",
  missing: { code: "NoSuchLifecycleConfiguration", message: "The lifecycle configuration does not exist" },
});
