import type { ListObjectsV2CommandInput, ListObjectsV2Output, ObjectStorageClass } from "@aws-sdk/client-s3";
import { operation } from "../../service.ts";
import { authorizeList, pageOf } from "./listing.ts";
import { bucketOf } from "./state.ts";

/** Keys of the objects that are there, a page at a time. */
export const ListObjectsV2 = operation<ListObjectsV2CommandInput, ListObjectsV2Output>({
  authorize: (input) => authorizeList("s3:ListBucket", input),
  run: (input, { world }) => {
    const bucket = bucketOf(world, input.Bucket);
    const present = [...bucket.objects.values()]
      .filter(([newest]) => newest && !newest.deleteMarker)
      .map(([newest]) => newest!.key);
    const token = input.ContinuationToken
      ? Buffer.from(input.ContinuationToken, "base64").toString()
      : undefined;
    const limit = Math.min(input.MaxKeys ?? 1000, 1000);
    const page = pageOf(present, {
      prefix: input.Prefix ?? "",
      delimiter: input.Delimiter ?? "",
      after: token ?? input.StartAfter ?? "",
      limit,
    });
    return {
      Name: bucket.name,
      Prefix: input.Prefix ?? "",
      Delimiter: input.Delimiter,
      MaxKeys: limit,
      KeyCount: page.keys.length + page.prefixes.length,
      IsTruncated: page.truncated,
      StartAfter: input.StartAfter,
      ContinuationToken: input.ContinuationToken,
      ...(page.truncated ? { NextContinuationToken: Buffer.from(page.last).toString("base64") } : {}),
      Contents: page.keys.map((key) => {
        const newest = bucket.objects.get(key)![0]!;
        return {
          Key: key,
          LastModified: new Date(newest.at),
          ETag: newest.etag,
          Size: newest.body.byteLength,
          StorageClass: newest.storageClass as ObjectStorageClass,
        };
      }),
      CommonPrefixes: page.prefixes.map((Prefix) => ({ Prefix })),
    };
  },
});
