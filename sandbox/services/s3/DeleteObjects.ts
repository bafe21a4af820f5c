import type { DeleteObjectsCommandInput, DeleteObjectsOutput } from "@aws-sdk/client-s3";
import { operation } from "../../service.ts";
import { bucketOf, objectArn, removeObject } from "./state.ts";

/** Deletes up to 1000 objects or versions. */
export const DeleteObjects = operation<DeleteObjectsCommandInput, DeleteObjectsOutput>({
  authorize: (input) =>
    (input.Delete?.Objects ?? []).map(({ Key, VersionId }) => ({
      action: VersionId ? "s3:DeleteObjectVersion" : "s3:DeleteObject",
      resources: [objectArn(input.Bucket, Key)],
    })),
  run: (input, { world }) => {
    const bucket = bucketOf(world, input.Bucket);
    const Deleted = (input.Delete?.Objects ?? []).map(({ Key = "", VersionId }) => {
      const { DeleteMarker, VersionId: made } = removeObject(world, bucket, Key, VersionId);
      return { Key, VersionId, DeleteMarker, ...(DeleteMarker ? { DeleteMarkerVersionId: made } : {}) };
    });
    return input.Delete?.Quiet ? {} : { Deleted };
  },
});
