import type { CopyObjectCommandInput, CopyObjectOutput } from "@aws-sdk/client-s3";
import { operation, ServiceException } from "../../service.ts";
import { checkRead, checkWrite } from "./conditions.ts";
import { authorizeRead } from "./reading.ts";
import { addVersion, bucketOf, objectArn, shownVersion, versionOf } from "./state.ts";
import { parseTags } from "./tags.ts";

/** `bucket/key?versionId=…`, with or without a leading slash, percent-encoded. */
function sourceOf(text = ""): { Bucket: string; Key: string; VersionId?: string } {
  const [, bucket, key, version] = /^\/?([^/]+)\/([^?]+)(?:\?versionId=(.+))?$/.exec(text) ?? [];
  if (!bucket || !key)
    throw new ServiceException(
      "InvalidArgument",
      "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
    );
  return { Bucket: bucket, Key: decodeURIComponent(key), ...(version ? { VersionId: version } : {}) };
}

/** Copies an object inside the account. */
export const CopyObject = operation<CopyObjectCommandInput, CopyObjectOutput>({
  authorize: (input) => [
    ...authorizeRead(sourceOf(input.CopySource)),
    { action: "s3:PutObject", resources: [objectArn(input.Bucket, input.Key)] },
  ],
  run: (input, { world }) => {
    const source = sourceOf(input.CopySource);
    const from = bucketOf(world, source.Bucket);
    const original = versionOf(from, source.Key, source.VersionId);
    checkRead(original, {
      IfMatch: input.CopySourceIfMatch,
      IfModifiedSince: input.CopySourceIfModifiedSince,
      IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
    });
    const bucket = bucketOf(world, input.Bucket);
    checkWrite(bucket, input.Key ?? "", input);
    const { CacheControl, ContentDisposition, ContentEncoding, ContentLanguage, ContentType, Metadata } =
      input;
    const replaced = input.MetadataDirective === "REPLACE";
    const made = addVersion(world, bucket, {
      key: input.Key ?? "",
      deleteMarker: false,
      body: original.body,
      headers: replaced
        ? { CacheControl, ContentDisposition, ContentEncoding, ContentLanguage, ContentType, Metadata }
        : original.headers,
      checksums: original.checksums,
      tags: input.TaggingDirective === "REPLACE" ? parseTags(input.Tagging) : original.tags,
    });
    return {
      CopyObjectResult: { ETag: made.etag, LastModified: new Date(made.at), ...made.checksums },
      VersionId: shownVersion(bucket, made),
      CopySourceVersionId: shownVersion(from, original),
      ServerSideEncryption: "AES256",
    };
  },
});
