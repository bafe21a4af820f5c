import {
  CopyObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { clientSettings, once } from "./clients.ts";
import { refusal, WatchdogError } from "./errors.ts";
import { archiveOf, WRITTEN_BY, writtenAs } from "./object-settings.ts";

export const s3 = once(
  () => new S3Client({ ...clientSettings, forcePathStyle: process.env["AWS_ENDPOINT_URL"] !== undefined }),
);

/** What one CopyObject may carry. */
const LARGEST = 5 * 1024 ** 3;

/** One version of an object. */
export interface ObjectVersion {
  versionId: string;
  /** With its quotes. */
  etag: string;
  size: number;
}

/** The object as it is now, with the mark of the step that wrote it; undefined when it is not there. */
export async function current(
  Bucket: string,
  Key: string,
): Promise<(ObjectVersion & { writtenBy: string | undefined }) | undefined> {
  try {
    const head = await s3().send(new HeadObjectCommand({ Bucket, Key }));
    return {
      versionId: head.VersionId ?? "null",
      etag: head.ETag ?? "",
      size: head.ContentLength ?? 0,
      writtenBy: head.Metadata?.[WRITTEN_BY],
    };
  } catch (error) {
    // An answer to HEAD has no body, so S3's own name of the error is not in it.
    if (["NotFound", "NoSuchKey"].includes((error as Error).name)) return undefined;
    throw error;
  }
}

/** Versions of one object, newest first, delete markers left out; refuses what cannot be put back. */
export async function versionsOf(Bucket: string, Key: string): Promise<ObjectVersion[]> {
  const { Versions = [], DeleteMarkers = [] } = await s3().send(
    new ListObjectVersionsCommand({ Bucket, Prefix: Key, MaxKeys: 1000 }),
  );
  const own = Versions.filter((each) => each.Key === Key);
  const where = `s3://${Bucket}/${Key}`;
  if (DeleteMarkers.some((each) => each.Key === Key && each.IsLatest))
    throw refusal(
      `${where} is deleted. Nothing was changed. To bring it back, remove its delete marker; this action only puts an earlier version on top of what is there.`,
    );
  if (own.length === 0) throw refusal(`There is no object ${where}. Nothing was changed. Correct the plan.`);
  if (own[0]!.VersionId === "null")
    throw refusal(
      `${where} has no versions: its bucket keeps none. Nothing was changed. Switch the bucket's versioning on; what was overwritten before is gone.`,
    );
  return own.map((each) => ({ versionId: each.VersionId!, etag: each.ETag ?? "", size: each.Size ?? 0 }));
}

/** A version that was asked for, or the newest whose content is another than the present one's. */
export function targetOf(where: string, versions: ObjectVersion[], wanted: string): ObjectVersion {
  const [now] = versions;
  const found =
    wanted === "previous"
      ? versions.find((each) => each.etag !== now?.etag)
      : versions.find((each) => each.versionId === wanted);
  if (!found)
    throw refusal(
      `${where} has no ${wanted === "previous" ? "earlier version with other content" : `version ${wanted}`}. Nothing was changed. Name a version that exists.`,
    );
  if (found.size > LARGEST)
    throw refusal(
      `The version ${found.versionId} of ${where} has ${found.size} bytes, more than one copy can carry (5 GiB). Nothing was changed. Put it back by hand.`,
    );
  return found;
}

const changed = (where: string, why: string) =>
  new WatchdogError(
    "ChangedSincePreflight",
    `${where} is not what this run found there (${why}). It was left alone, every version of it is kept. Find out who wrote it.`,
  );

/**
 * Writes on top of an object only if it still is what it was, and marks what is written; a call whose reply was lost is
 * recognized by the mark. `write` gets what it must still be (If-Match).
 */
export async function replaceIf(
  given: { bucket: string; key: string; etag: string; mark: string },
  write: (ifMatch: string) => Promise<unknown>,
): Promise<void> {
  const { bucket, key, etag, mark } = given;
  const where = `s3://${bucket}/${key}`;
  const now = await current(bucket, key);
  if (now?.writtenBy === mark) return;
  if (now?.etag !== etag) throw changed(where, now ? `its ETag is ${now.etag}, not ${etag}` : "it is gone");
  try {
    await write(etag);
  } catch (error) {
    const { name } = error as Error;
    if (name !== "PreconditionFailed" && name !== "ConditionalRequestConflict") throw error;
    const then = await current(bucket, key);
    if (then?.writtenBy !== mark) throw changed(where, "somebody wrote it in the same moment");
  }
}

/** Copies a version on top of the present one: content, settings and tags, with this step's mark. */
export async function copyOnTop(
  Bucket: string,
  Key: string,
  { versionId, ifMatch, mark }: { versionId: string; ifMatch: string; mark: string },
): Promise<void> {
  await s3().send(
    new CopyObjectCommand({
      Bucket,
      Key,
      CopySource: `${Bucket}/${Key.split("/").map(encodeURIComponent).join("/")}?versionId=${versionId}`,
      IfMatch: ifMatch,
      // REPLACE, since the mark is metadata; everything else is said again as it was. Tags come along by themselves.
      MetadataDirective: "REPLACE",
      ...(await settingsOf(Bucket, Key, { versionId, mark })),
    }),
  );
}

/**
 * What a write must say for an object to stay what it was: a version's headers, metadata and KMS key, in the class in
 * which the object is now, since a lifecycle rule may have moved its earlier versions to another.
 */
export async function settingsOf(
  Bucket: string,
  Key: string,
  { versionId, mark }: { versionId: string; mark: string },
) {
  const [of, now] = await Promise.all([
    s3().send(new HeadObjectCommand({ Bucket, Key, VersionId: versionId })),
    s3().send(new HeadObjectCommand({ Bucket, Key })),
  ]);
  return writtenAs(of, now, mark);
}

/** Refuses a version that lies in an archive: it can be neither read nor copied until it is restored. */
export async function mustBeReadable(Bucket: string, Key: string, versionId: string): Promise<void> {
  const head = await s3().send(new HeadObjectCommand({ Bucket, Key, VersionId: versionId }));
  const archive = archiveOf(head);
  if (archive)
    throw refusal(
      `The version ${versionId} of s3://${Bucket}/${Key} lies in ${archive}, where it cannot be read. Nothing was changed. Let S3 restore it first (aws s3api restore-object with this version id), which takes minutes to hours, or name another version.`,
    );
}

/** Undoes a write that is marked: the version that was there before goes on top again. From nothing it does nothing. */
export async function putBack(given: {
  bucket: string;
  key: string;
  /** What was there before the write. */
  before: ObjectVersion;
  mark: string;
}): Promise<void> {
  const { bucket, key, before, mark } = given;
  const undone = `${mark}-undone`;
  const now = await current(bucket, key);
  if (now?.writtenBy === undone || (now && now.writtenBy !== mark && now.etag === before.etag)) return;
  if (!now || now.writtenBy !== mark)
    throw changed(`s3://${bucket}/${key}`, now ? `its ETag is ${now.etag}` : "it is gone");
  await replaceIf({ bucket, key, etag: now.etag, mark: undone }, (ifMatch) =>
    copyOnTop(bucket, key, { versionId: before.versionId, ifMatch, mark: undone }),
  );
}
