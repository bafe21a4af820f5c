import { ServiceException } from "../../service.ts";
import type { Bucket, ObjectVersion } from "./state.ts";

interface Conditions {
  IfMatch?: string | undefined;
  IfNoneMatch?: string | undefined;
  IfModifiedSince?: Date | undefined;
  IfUnmodifiedSince?: Date | undefined;
}

const bare = (etag: string) => etag.replace(/^W\//, "").replaceAll('"', "");
const matches = (wanted: string, version: ObjectVersion) =>
  wanted === "*" || bare(wanted) === bare(version.etag);

const failed = (condition: string) =>
  new ServiceException(
    "PreconditionFailed",
    "At least one of the pre-conditions you specified did not hold",
    {
      status: 412,
      members: { Condition: condition },
    },
  );

/** Conditions of a read. Throws PreconditionFailed, or NotModified (304, without a body). */
export function checkRead(version: ObjectVersion, conditions: Conditions): void {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = conditions;
  const changed = Math.floor(version.at / 1000);
  if (IfMatch !== undefined && !matches(IfMatch, version)) throw failed("If-Match");
  if (IfUnmodifiedSince && IfMatch === undefined && changed > IfUnmodifiedSince.getTime() / 1000)
    throw failed("If-Unmodified-Since");
  const same = IfNoneMatch !== undefined && matches(IfNoneMatch, version);
  const old = IfNoneMatch === undefined && IfModifiedSince && changed <= IfModifiedSince.getTime() / 1000;
  if (same || old) throw new ServiceException("NotModified", "Not Modified", { status: 304 });
}

/** Conditions of a write: compare-and-set on the newest version. */
export function checkWrite(bucket: Bucket, key: string, { IfMatch, IfNoneMatch }: Conditions): void {
  const newest = bucket.objects.get(key)?.[0];
  const current = newest?.deleteMarker ? undefined : newest;
  if (IfNoneMatch !== undefined && current && matches(IfNoneMatch, current)) throw failed("If-None-Match");
  if (IfMatch === undefined) return;
  if (!current)
    throw new ServiceException("NoSuchKey", "The specified key does not exist.", {
      status: 404,
      members: { Key: key },
    });
  if (!matches(IfMatch, current)) throw failed("If-Match");
}
