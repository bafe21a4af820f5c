import type { GetBucketPolicyCommandInput, GetBucketPolicyOutput } from "@aws-sdk/client-s3";
import { operation, ServiceException } from "../../service.ts";
import { bucketArn, bucketOf } from "./state.ts";

/** The bucket's resource policy, as it was put. */
export const GetBucketPolicy = operation<GetBucketPolicyCommandInput, GetBucketPolicyOutput>({
  authorize: (input) => [{ action: "s3:GetBucketPolicy", resources: [bucketArn(input.Bucket)] }],
  run: (input, { world }) => {
    const { policy } = bucketOf(world, input.Bucket);
    if (!policy)
      throw new ServiceException("NoSuchBucketPolicy", "The bucket policy does not exist", { status: 404 });
    return { Policy: policy.text };
  },
});
