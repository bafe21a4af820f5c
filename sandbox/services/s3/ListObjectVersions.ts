import type {
  ListObjectVersionsCommandInput,
  ListObjectVersionsOutput,
  ObjectVersionStorageClass,
} from "@aws-sdk/client-s3";
import { operation } from "../../service.ts";
import { authorizeList, pageOf } from "./listing.ts";
import { bucketOf } from "./state.ts";

/** All versions and delete markers, newest first within a key. A page ends between keys, never inside one. */
export const ListObjectVersions = operation<ListObjectVersionsCommandInput, ListObjectVersionsOutput>({
  authorize: (input) => authorizeList("s3:ListBucketVersions", input),
  run: (input, { world, account }) => {
    const bucket = bucketOf(world, input.Bucket);
    const limit = Math.min(input.MaxKeys ?? 1000, 1000);
    const page = pageOf(bucket.objects.keys(), {
      prefix: input.Prefix ?? "",
      delimiter: input.Delimiter ?? "",
      after: input.KeyMarker ?? "",
      limit,
    });
    const Owner = { ID: account, DisplayName: "administrator" };
    const all = page.keys.flatMap((key) =>
      (bucket.objects.get(key) ?? []).map((version, index) => ({
        version,
        shown: {
          Key: key,
          VersionId: version.versionId,
          IsLatest: index === 0,
          LastModified: new Date(version.at),
          Owner,
        },
      })),
    );
    return {
      Name: bucket.name,
      Prefix: input.Prefix ?? "",
      Delimiter: input.Delimiter,
      KeyMarker: input.KeyMarker ?? "",
      MaxKeys: limit,
      IsTruncated: page.truncated,
      ...(page.truncated ? { NextKeyMarker: page.last } : {}),
      Versions: all
        .filter(({ version }) => !version.deleteMarker)
        .map(({ version, shown }) => ({
          ...shown,
          ETag: version.etag,
          Size: version.body.byteLength,
          StorageClass: version.storageClass as ObjectVersionStorageClass,
        })),
      DeleteMarkers: all.filter(({ version }) => version.deleteMarker).map(({ shown }) => shown),
      CommonPrefixes: page.prefixes.map((Prefix) => ({ Prefix })),
    };
  },
});
