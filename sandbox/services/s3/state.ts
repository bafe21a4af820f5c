import { createHash } from "node:crypto";
import type { StorageClass, Tag } from "@aws-sdk/client-s3";
import type { PolicyDocument } from "../../front/iam/policy.ts";
import { ServiceException } from "../../service.ts";
import { randomId, stateOf, type World } from "../../world.ts";
import type { Checksums } from "./checksums.ts";
import type { Encryption } from "./encryption.ts";

/** One version of an object, or the mark that says it was deleted. */
export interface ObjectVersion {
  key: string;
  /** `null` as text for what was written without versioning. */
  versionId: string;
  /** Sandbox time, epoch milliseconds. */
  at: number;
  deleteMarker: boolean;
  body: Uint8Array;
  /** With its quotes. */
  etag: string;
  /** What the writer said of it: content type, encoding, metadata … by the names of PutObject's members. */
  headers: ObjectHeaders;
  checksums: Checksums;
  tags: Tag[];
  storageClass: StorageClass;
  encryption: Encryption;
}

interface ObjectHeaders {
  CacheControl?: string | undefined;
  ContentDisposition?: string | undefined;
  ContentEncoding?: string | undefined;
  ContentLanguage?: string | undefined;
  ContentType?: string | undefined;
  Expires?: Date | undefined;
  Metadata?: Record<string, string> | undefined;
  WebsiteRedirectLocation?: string | undefined;
}

export interface Bucket {
  name: string;
  createdAt: number;
  versioning: "Enabled" | "Suspended" | undefined;
  policy: { text: string; document: PolicyDocument } | undefined;
  /** Settings that are stored and answered as they were given, by the operation's name without its verb. */
  settings: Map<string, unknown>;
  /** Versions of each key, newest first. */
  objects: Map<string, ObjectVersion[]>;
}

export const s3State = stateOf(() => ({ buckets: new Map<string, Bucket>() }));

/** The bucket, or NoSuchBucket. */
export function bucketOf(world: World, name: string | undefined): Bucket {
  const bucket = s3State(world).buckets.get(name ?? "");
  if (!bucket)
    throw new ServiceException("NoSuchBucket", "The specified bucket does not exist", {
      status: 404,
      members: { BucketName: name },
    });
  return bucket;
}

/** The version asked for, or the newest; NoSuchKey, NoSuchVersion or a delete marker's answer otherwise. */
export function versionOf(bucket: Bucket, key: string | undefined, versionId?: string): ObjectVersion {
  const versions = bucket.objects.get(key ?? "") ?? [];
  const found = versionId ? versions.find((each) => each.versionId === versionId) : versions[0];
  if (!found)
    throw versionId
      ? new ServiceException("NoSuchVersion", "The specified version does not exist.", {
          status: 404,
          members: { Key: key, VersionId: versionId },
        })
      : noSuchKey(key);
  if (found.deleteMarker)
    throw versionId
      ? new ServiceException(
          "MethodNotAllowed",
          "The specified method is not allowed against this resource.",
          { status: 405 },
        )
      : noSuchKey(key);
  return found;
}

const noSuchKey = (key: string | undefined) =>
  new ServiceException("NoSuchKey", "The specified key does not exist.", {
    status: 404,
    members: { Key: key },
  });

/** Stores a version on top of a key as the bucket's versioning says. */
export function addVersion(
  world: World,
  bucket: Bucket,
  version: Omit<ObjectVersion, "versionId" | "at" | "etag">,
): ObjectVersion {
  const versionId =
    bucket.versioning === "Enabled"
      ? randomId(32, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
      : "null";
  const made: ObjectVersion = {
    ...version,
    versionId,
    at: world.clock.now(),
    etag: `"${createHash("md5").update(version.body).digest("hex")}"`,
  };
  const older = bucket.objects.get(version.key) ?? [];
  // Without versioning, and while it is suspended, there is one version called null, which is replaced.
  const kept = versionId === "null" ? older.filter((each) => each.versionId !== "null") : older;
  bucket.objects.set(version.key, [made, ...kept]);
  return made;
}

/** Deletes as S3 does: a marker on top when versioned, the version itself when one is named. */
export function removeObject(
  world: World,
  bucket: Bucket,
  key: string,
  versionId?: string,
): { DeleteMarker?: boolean; VersionId?: string } {
  const versions = bucket.objects.get(key) ?? [];
  if (versionId) {
    const found = versions.find((each) => each.versionId === versionId);
    const kept = versions.filter((each) => each !== found);
    if (kept.length > 0) bucket.objects.set(key, kept);
    else bucket.objects.delete(key);
    return { VersionId: versionId, ...(found?.deleteMarker ? { DeleteMarker: true } : {}) };
  }
  if (!bucket.versioning) {
    bucket.objects.delete(key);
    return {};
  }
  const marker = addVersion(world, bucket, {
    key,
    deleteMarker: true,
    body: new Uint8Array(),
    headers: {},
    checksums: {},
    tags: [],
    storageClass: "STANDARD",
    encryption: {},
  });
  return { DeleteMarker: true, VersionId: marker.versionId };
}

/** `VersionId` is only answered where the bucket has versioning. */
export const shownVersion = (bucket: Bucket, version: ObjectVersion) =>
  bucket.versioning ? version.versionId : undefined;

export const bucketArn = (bucket: string | undefined) => `arn:aws:s3:::${bucket}`;
export const objectArn = (bucket: string | undefined, key: string | undefined) =>
  `arn:aws:s3:::${bucket}/${key}`;
