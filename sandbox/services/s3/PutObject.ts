import type { PutObjectCommandInput, PutObjectOutput } from "@aws-sdk/client-s3";
import { operation, ServiceException } from "../../service.ts";
import { checkedSums } from "./checksums.ts";
import { checkWrite } from "./conditions.ts";
import { encryptionOf } from "./encryption.ts";
import { headersOf } from "./headers.ts";
import { addVersion, bucketOf, objectArn, shownVersion } from "./state.ts";
import { parseTags } from "./tags.ts";

/** What one PutObject may carry; more takes a multipart upload. */
const LARGEST = 5 * 1024 ** 3;

/** Writes an object, under a condition where one is given. */
export const PutObject = operation<PutObjectCommandInput, PutObjectOutput>({
  authorize: (input) => [
    { action: "s3:PutObject", resources: [objectArn(input.Bucket, input.Key)], ...encryptionContext(input) },
    ...(input.Tagging
      ? [{ action: "s3:PutObjectTagging", resources: [objectArn(input.Bucket, input.Key)] }]
      : []),
  ],
  run: (input, { world }) => {
    const bucket = bucketOf(world, input.Bucket);
    const key = input.Key ?? "";
    const body = (input.Body as Uint8Array | undefined) ?? new Uint8Array();
    if (body.byteLength > LARGEST)
      throw new ServiceException("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size");
    if (Buffer.byteLength(key) > 1024) throw new ServiceException("KeyTooLongError", "Your key is too long");
    const checksums = checkedSums(body, input);
    checkWrite(bucket, key, input);
    const encryption = encryptionOf(bucket, input);
    const made = addVersion(world, bucket, {
      key,
      deleteMarker: false,
      body,
      headers: headersOf(input),
      checksums,
      tags: parseTags(input.Tagging),
      storageClass: input.StorageClass ?? "STANDARD",
      encryption,
    });
    return {
      ETag: made.etag,
      VersionId: shownVersion(bucket, made),
      ...encryption,
      ...checksums,
      ...(checksums.ChecksumCRC32 ? { ChecksumType: "FULL_OBJECT" as const } : {}),
    };
  },
});

function encryptionContext(input: PutObjectCommandInput): { context?: Record<string, string> } {
  return input.ServerSideEncryption
    ? { context: { "s3:x-amz-server-side-encryption": input.ServerSideEncryption } }
    : {};
}
