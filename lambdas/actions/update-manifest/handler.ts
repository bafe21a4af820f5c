import { GetObjectCommand, GetObjectTaggingCommand, PutObjectCommand, type Tag } from "@aws-sdk/client-s3";
import { refusal } from "../../runtime/errors.ts";
import {
  current,
  type ObjectVersion,
  putBack,
  replaceIf,
  s3,
  settingsOf,
  versionsOf,
} from "../../runtime/object-version.ts";
import { type StepContext, serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { digest } from "../../runtime/tokens.ts";
import { type Releases, verifiedFiles } from "./release.ts";
import { updateManifest } from "./spec.ts";

interface Input {
  bucket: string;
  key: string;
  to: string;
  releases: Releases;
  set: Record<string, string | boolean | number>;
}
interface Before {
  current: ObjectVersion;
  source: ObjectVersion;
  from: string;
  to: string;
  files: { key: string; sha256: string }[];
}
type Manifest = Record<string, unknown> & { version: string };

const markOf = ({ run, step }: StepContext) => digest(`${run.id}/${step.id}`);
const isBack = ({ from, to }: Before) => from === to;

/** How many earlier versions of the manifest are read for the release wanted. */
const MOST = 50;

async function manifestAt(Bucket: string, Key: string, VersionId: string): Promise<Manifest | undefined> {
  try {
    const { Body } = await s3().send(new GetObjectCommand({ Bucket, Key, VersionId }));
    const value: unknown = JSON.parse(await Body!.transformToString());
    if (typeof (value as Manifest | null)?.version === "string") return value as Manifest;
  } catch (error) {
    // No JSON, or in an archive: a version of the object that cannot be read as a manifest is passed over.
    if (!["SyntaxError", "InvalidObjectState"].includes((error as Error).name)) throw error;
  }
  return undefined;
}

/** The newest earlier version of the manifest that names the release wanted. */
async function sourceOf({ bucket, key, to }: Input, versions: ObjectVersion[], from: string | undefined) {
  for (const each of versions.slice(1, MOST + 1)) {
    const manifest = await manifestAt(bucket, key, each.versionId);
    if (manifest && (to === "previous" ? manifest.version !== from : manifest.version === to))
      return { source: each, manifest };
  }
  throw refusal(
    `No earlier version of s3://${bucket}/${key} names ${to === "previous" ? "another release" : `the release ${to}`}. Nothing was changed. Name a release that clients were sent to before.`,
  );
}

export const verbs: Verbs<Input, Before> = {
  async preflight(input) {
    const { bucket, key, releases } = input;
    const where = `s3://${bucket}/${key}`;
    const versions = await versionsOf(bucket, key);
    const now = versions[0]!;
    const from = (await manifestAt(bucket, key, now.versionId))?.version;
    const { source, manifest } =
      from !== undefined && from === input.to
        ? { source: now, manifest: { version: from } }
        : await sourceOf(input, versions, from);
    const files = await verifiedFiles(manifest.version, releases);
    const before = { current: now, source, from: from ?? "no manifest", to: manifest.version, files };
    return {
      before,
      after: { version: before.to },
      summary: isBack(before)
        ? `${where} names the release ${before.to} already`
        : `${where}: clients go from ${before.from} back to ${before.to}`,
      evidence: files.map(({ key: file, sha256 }) => `${file} verified: SHA-256 ${sha256.slice(0, 16)}…`),
      expects: { version: before.to },
      ...(isBack(before)
        ? {}
        : { keeps: [`version ${now.versionId} of ${where}, which names ${before.from}`] }),
    };
  },
  async apply(input, { before }, context) {
    const { bucket, key } = input;
    const mark = markOf(context);
    if (!isBack(before))
      await replaceIf({ bucket, key, etag: before.current.etag, mark }, (ifMatch) =>
        write(input, before, { ifMatch, mark }),
      );
    return done(input, before.to, before);
  },
  async revert(input, { before }, context) {
    const { bucket, key } = input;
    if (!isBack(before)) await putBack({ bucket, key, before: before.current, mark: markOf(context) });
    return done(input, before.from, before);
  },
  async poll(input, { before }) {
    const now = await current(input.bucket, input.key);
    return {
      ...done(input, before.to, before),
      note: `s3://${input.bucket}/${input.key} is at ${now?.versionId}`,
    };
  },
};

/** The earlier manifest as it was, with the members that the plan sets. */
async function write(
  { bucket: Bucket, key: Key, set }: Input,
  { source }: Before,
  { ifMatch, mark }: { ifMatch: string; mark: string },
): Promise<void> {
  const manifest = await manifestAt(Bucket, Key, source.versionId);
  const { TagSet = [] } = await s3().send(
    new GetObjectTaggingCommand({ Bucket, Key, VersionId: source.versionId }),
  );
  await s3().send(
    new PutObjectCommand({
      Bucket,
      Key,
      Body: `${JSON.stringify({ ...manifest, ...set }, null, 2)}\n`,
      IfMatch: ifMatch,
      ...(await settingsOf(Bucket, Key, { versionId: source.versionId, mark })),
      ...(TagSet.length > 0 ? { Tagging: tagging(TagSet) } : {}),
    }),
  );
}

/** Tags as the header of a put has them. */
const tagging = (tags: Tag[]) =>
  tags.map(({ Key = "", Value = "" }) => [Key, Value].map(encodeURIComponent).join("=")).join("&");

const done = ({ bucket, key }: Input, version: string, { to }: Before) => ({
  done: true,
  note: `s3://${bucket}/${key} names ${version}`,
  outputs: { version: to },
});

export const handler = serveAction(updateManifest, verbs);
