import type { GetBucketVersioningCommandInput, GetBucketVersioningOutput } from "@aws-sdk/client-s3";
import { operation } from "../../service.ts";
import { bucketArn, bucketOf } from "./state.ts";

/** Whether the bucket keeps old versions; empty when it never did. */
export const GetBucketVersioning = operation<GetBucketVersioningCommandInput, GetBucketVersioningOutput>({
  authorize: (input) => [{ action: "s3:GetBucketVersioning", resources: [bucketArn(input.Bucket)] }],
  run: (input, { world }) => {
    const { versioning } = bucketOf(world, input.Bucket);
    return versioning ? { Status: versioning } : {};
  },
});
