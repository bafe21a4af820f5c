import type { HeadBucketCommandInput, HeadBucketOutput } from "@aws-sdk/client-s3";
import { operation } from "../../service.ts";
import { bucketArn, bucketOf } from "./state.ts";

/** Whether the bucket exists and may be listed. */
export const HeadBucket = operation<HeadBucketCommandInput, HeadBucketOutput>({
  authorize: (input) => [{ action: "s3:ListBucket", resources: [bucketArn(input.Bucket)] }],
  run: (input, { world }) => {
    bucketOf(world, input.Bucket);
    return { BucketRegion: world.region };
  },
});
