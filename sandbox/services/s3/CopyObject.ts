import type { CopyObjectCommandInput, CopyObjectOutput } from "@aws-sdk/client-s3";
import { type Authorization, operation, ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { checkRead, checkWrite } from "./conditions.ts";
import { encryptionOf } from "./encryption.ts";
import { headersOf } from "./headers.ts";
import { authorizeRead, mustBeReadable } from "./reading.ts";
import { addVersion, bucketOf, objectArn, s3State, shownVersion, versionOf } from "./state.ts";
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

/**
 * Tags come along unless others are given, and need their own permissions when there are some.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
function authorizeTags(world: World, input: CopyObjectCommandInput): Authorization[] {
  const put = { action: "s3:PutObjectTagging", resources: [objectArn(input.Bucket, input.Key)] };
  if (input.TaggingDirective === "REPLACE") return input.Tagging ? [put] : [];
  const { Bucket, Key, VersionId } = sourceOf(input.CopySource);
  const versions = s3State(world).buckets.get(Bucket)?.objects.get(Key);
  const source = VersionId ? versions?.find((each) => each.versionId === VersionId) : versions?.[0];
  if (!source?.tags.length) return [];
  const action = VersionId ? "s3:GetObjectVersionTagging" : "s3:GetObjectTagging";
  return [{ action, resources: [objectArn(Bucket, Key)] }, put];
}

/** Copies an object inside the account. */
export const CopyObject = operation<CopyObjectCommandInput, CopyObjectOutput>({
  authorize: (input, { world }) => [
    ...authorizeRead(sourceOf(input.CopySource)),
    { action: "s3:PutObject", resources: [objectArn(input.Bucket, input.Key)] },
    ...authorizeTags(world, input),
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
    mustBeReadable(original);
    const bucket = bucketOf(world, input.Bucket);
    checkWrite(bucket, input.Key ?? "", input);
    const replaced = input.MetadataDirective === "REPLACE";
    const encryption = encryptionOf(bucket, input);
    const made = addVersion(world, bucket, {
      key: input.Key ?? "",
      deleteMarker: false,
      body: original.body,
      // Neither the redirect, nor the storage class, nor the encryption comes along by itself.
      headers: {
        ...(replaced ? headersOf(input) : original.headers),
        WebsiteRedirectLocation: input.WebsiteRedirectLocation,
      },
      checksums: original.checksums,
      tags: input.TaggingDirective === "REPLACE" ? parseTags(input.Tagging) : original.tags,
      storageClass: input.StorageClass ?? "STANDARD",
      encryption,
    });
    return {
      CopyObjectResult: { ETag: made.etag, LastModified: new Date(made.at), ...made.checksums },
      VersionId: shownVersion(bucket, made),
      CopySourceVersionId: shownVersion(from, original),
      ...encryption,
    };
  },
});
