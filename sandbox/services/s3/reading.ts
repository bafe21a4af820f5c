import type { GetObjectCommandInput } from "@aws-sdk/client-s3";
import { ServiceException } from "../../service.ts";
import { type Bucket, type ObjectVersion, objectArn, shownVersion } from "./state.ts";

/** What reading an object needs. */
export const authorizeRead = (input: {
  Bucket?: string | undefined;
  Key?: string | undefined;
  VersionId?: string | undefined;
}) => [
  {
    action: input.VersionId ? "s3:GetObjectVersion" : "s3:GetObject",
    resources: [objectArn(input.Bucket, input.Key)],
  },
];

/** The headers of an answer about one object. */
export function objectHeaders(bucket: Bucket, version: ObjectVersion, input: GetObjectCommandInput) {
  return {
    ...version.headers,
    ContentType: input.ResponseContentType ?? version.headers.ContentType,
    ContentDisposition: input.ResponseContentDisposition ?? version.headers.ContentDisposition,
    CacheControl: input.ResponseCacheControl ?? version.headers.CacheControl,
    ContentEncoding: input.ResponseContentEncoding ?? version.headers.ContentEncoding,
    ContentLanguage: input.ResponseContentLanguage ?? version.headers.ContentLanguage,
    AcceptRanges: "bytes",
    LastModified: new Date(version.at),
    ContentLength: version.body.byteLength,
    ETag: version.etag,
    VersionId: shownVersion(bucket, version),
    ...version.encryption,
    // S3 leaves it out for the usual class.
    ...(version.storageClass === "STANDARD" ? {} : { StorageClass: version.storageClass }),
    ...(version.tags.length > 0 ? { TagCount: version.tags.length } : {}),
    ...(input.ChecksumMode === "ENABLED" && Object.keys(version.checksums).length > 0 && !input.Range
      ? { ...version.checksums, ChecksumType: "FULL_OBJECT" as const }
      : {}),
  };
}

const ARCHIVES: (string | undefined)[] = ["GLACIER", "DEEP_ARCHIVE"];

/** What lies in an archive can be read only once it is restored, which the sandbox does not do. */
export function mustBeReadable({ storageClass }: ObjectVersion): void {
  if (ARCHIVES.includes(storageClass))
    throw new ServiceException(
      "InvalidObjectState",
      "The operation is not valid for the object's storage class",
      { status: 403, members: { StorageClass: storageClass } },
    );
}

/** The part of the body that `Range: bytes=…` asks for; undefined for a header that HTTP says to ignore. */
export function rangeOf(range: string | undefined, size: number): { from: number; to: number } | undefined {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(range ?? "") ?? [];
  if (first === "" && last === "") return undefined;
  const from = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (from >= size || from > to)
    throw new ServiceException("InvalidRange", "The requested range is not satisfiable", {
      status: 416,
      members: { ActualObjectSize: size },
    });
  return { from, to };
}
