import type { DeleteBucketCommandInput } from "@aws-sdk/client-s3";
import { operation, ServiceException } from "../../service.ts";
import { bucketArn, bucketOf, s3State } from "./state.ts";

/** Deletes an empty bucket; old versions and delete markers count as content. */
export const DeleteBucket = operation<DeleteBucketCommandInput, object>({
  authorize: (input) => [{ action: "s3:DeleteBucket", resources: [bucketArn(input.Bucket)] }],
  run: (input, { world }) => {
    const bucket = bucketOf(world, input.Bucket);
    if (bucket.objects.size > 0)
      throw new ServiceException(
        "BucketNotEmpty",
        "The bucket you tried to delete is not empty. You must delete all versions in the bucket.",
        {
          status: 409,
        },
      );
    s3State(world).buckets.delete(bucket.name);
    return {};
  },
});
