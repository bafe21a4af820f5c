import type { HeadObjectOutput, PutObjectCommandInput } from "@aws-sdk/client-s3";

/** Member of an object's metadata that says which step wrote it: how a step finds its own work. */
export const WRITTEN_BY = "rollback-watchdog";

const ARCHIVES: (string | undefined)[] = ["GLACIER", "DEEP_ARCHIVE"];

type Settings = Pick<
  PutObjectCommandInput,
  | "CacheControl"
  | "ContentDisposition"
  | "ContentEncoding"
  | "ContentLanguage"
  | "ContentType"
  | "Expires"
  | "Metadata"
  | "WebsiteRedirectLocation"
  | "StorageClass"
  | "ServerSideEncryption"
  | "SSEKMSKeyId"
  | "BucketKeyEnabled"
>;

/**
 * What a put, or a copy with the metadata directive REPLACE, must say again: S3 takes nothing of it from a version.
 * `of`: the version whose headers, metadata and key are kept; `now`: the present one, whose class is. Pure.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
export function writtenAs(of: HeadObjectOutput, now: HeadObjectOutput, mark: string): Settings {
  const { CacheControl, ContentDisposition, ContentEncoding, ContentLanguage, ContentType } = of;
  const { WebsiteRedirectLocation, ExpiresString } = of;
  return {
    ...{ CacheControl, ContentDisposition, ContentEncoding, ContentLanguage, ContentType },
    ...{ WebsiteRedirectLocation, Expires: instant(ExpiresString) },
    Metadata: { ...of.Metadata, [WRITTEN_BY]: mark },
    // An object that is read lies in no archive.
    StorageClass: ARCHIVES.includes(now.StorageClass) ? undefined : now.StorageClass,
    ...keyOf(of),
  };
}

/** A KMS key is said again; for S3's own keys the bucket's default holds, which may ask for more by now. */
function keyOf({ ServerSideEncryption, SSEKMSKeyId, BucketKeyEnabled }: HeadObjectOutput): Settings {
  return ServerSideEncryption?.startsWith("aws:kms")
    ? { ServerSideEncryption, SSEKMSKeyId, BucketKeyEnabled }
    : {};
}

/** `Expires` as a moment; what is no date (`0`) means that it has expired already (RFC 9111, section 5.3). */
function instant(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const at = Date.parse(text);
  return new Date(/\d{4}/.test(text) && !Number.isNaN(at) ? at : 0);
}

/** The archive that a version lies in, unless it is restored; undefined: it can be read. Pure. */
export function archiveOf({ StorageClass, Restore, ArchiveStatus }: HeadObjectOutput): string | undefined {
  if (Restore?.includes('ongoing-request="false"')) return undefined;
  return ArchiveStatus ?? (ARCHIVES.includes(StorageClass) ? StorageClass : undefined);
}
