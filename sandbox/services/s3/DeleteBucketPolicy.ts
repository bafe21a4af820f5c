import type { DeleteBucketPolicyCommandInput } from "@aws-sdk/client-s3";
import { operation } from "../../service.ts";
import { bucketArn, bucketOf } from "./state.ts";

/** Takes the bucket's resource policy away. */
export const DeleteBucketPolicy = operation<DeleteBucketPolicyCommandInput, object>({
  authorize: (input) => [{ action: "s3:DeleteBucketPolicy", resources: [bucketArn(input.Bucket)] }],
  run: (input, { world }) => {
    bucketOf(world, input.Bucket).policy = undefined;
    return {};
  },
});
