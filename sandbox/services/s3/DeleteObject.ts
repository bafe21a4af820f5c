import type { DeleteObjectCommandInput, DeleteObjectOutput } from "@aws-sdk/client-s3";
import { operation } from "../../service.ts";
import { checkWrite } from "./conditions.ts";
import { bucketOf, objectArn, removeObject } from "./state.ts";

/** Marks an object as deleted, or removes one version of it. */
export const DeleteObject = operation<DeleteObjectCommandInput, DeleteObjectOutput>({
  authorize: (input) => [
    {
      action: input.VersionId ? "s3:DeleteObjectVersion" : "s3:DeleteObject",
      resources: [objectArn(input.Bucket, input.Key)],
    },
  ],
  run: (input, { world }) => {
    const bucket = bucketOf(world, input.Bucket);
    checkWrite(bucket, input.Key ?? "", { IfMatch: input.IfMatch });
    return removeObject(world, bucket, input.Key ?? "", input.VersionId);
  },
});
