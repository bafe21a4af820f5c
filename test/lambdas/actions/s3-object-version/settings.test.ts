import { createHash } from "node:crypto";
import {
  CreateBucketCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verbs } from "../../../../lambdas/actions/s3-object-version/handler.ts";
import { verbs as manifestVerbs } from "../../../../lambdas/actions/update-manifest/handler.ts";
import { s3 } from "../../../../sandbox/services/s3/index.ts";
import { type PermittedWorld, permittedWorld } from "../permitted.ts";

const Bucket = "site";
const KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
/** An object as a website has it: kept cheaply, under a key of its own, with tags. */
const SETTINGS = {
  StorageClass: "STANDARD_IA",
  WebsiteRedirectLocation: "/elsewhere",
  Expires: new Date("2026-03-01T00:00:00Z"),
  CacheControl: "max-age=60",
  ContentDisposition: "inline",
  ContentLanguage: "en",
  ContentType: "application/json",
  ServerSideEncryption: "aws:kms",
  SSEKMSKeyId: KEY,
  BucketKeyEnabled: true,
  Tagging: "team=web&public=yes",
  Metadata: { release: "1" },
} as const;

describe("an object with settings of its own", () => {
  let world: PermittedWorld;
  let client: S3Client;
  const put = async (Key: string, Body: string, more: Partial<PutObjectCommandInput> = SETTINGS) =>
    (await client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }))).VersionId!;
  /** What readers see beside the content, and how it is kept. */
  const settingsOf = async (Key: string) => {
    const head = await client.send(new HeadObjectCommand({ Bucket, Key }));
    const { TagSet } = await client.send(new GetObjectTaggingCommand({ Bucket, Key }));
    return {
      StorageClass: head.StorageClass,
      WebsiteRedirectLocation: head.WebsiteRedirectLocation,
      Expires: head.ExpiresString,
      CacheControl: head.CacheControl,
      ContentDisposition: head.ContentDisposition,
      ContentLanguage: head.ContentLanguage,
      ContentType: head.ContentType,
      ServerSideEncryption: head.ServerSideEncryption,
      SSEKMSKeyId: head.SSEKMSKeyId,
      BucketKeyEnabled: head.BucketKeyEnabled,
      release: head.Metadata?.["release"],
      TagSet,
    };
  };

  beforeAll(async () => {
    world = await permittedWorld([s3]);
    client = new S3Client({ ...world.test.admin, forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket }));
    await client.send(
      new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }),
    );
  });
  afterAll(() => world?.test.close());

  it("keeps them all when an earlier version goes on top, and when that is undone", async () => {
    await put("page", "one");
    await put("page", "two");
    const before = await settingsOf("page");
    const step = world.step("s3-object-version", verbs, { bucket: Bucket, key: "page" });
    await step.apply();
    const applied = await settingsOf("page");
    await step.revert();

    const { Expires: _, Tagging: __, Metadata: ___, ...plain } = SETTINGS;
    expect(before).toMatchObject({ ...plain, Expires: SETTINGS.Expires.toUTCString(), release: "1" });
    expect(before.TagSet).toHaveLength(2);
    expect(applied).toEqual(before);
    expect(await settingsOf("page")).toEqual(before);
  });

  it("stays in its class, where a lifecycle rule has moved the earlier version to another", async () => {
    await put("moved", "one", { StorageClass: "ONEZONE_IA" });
    await put("moved", "two", {});
    await world.step("s3-object-version", verbs, { bucket: Bucket, key: "moved" }).apply();

    expect((await settingsOf("moved")).StorageClass).toBeUndefined();
  });

  it.each(["GLACIER", "DEEP_ARCHIVE"] as const)(
    "is refused before anything is changed, where the version lies in %s",
    async (StorageClass) => {
      const archived = await put(StorageClass, "one", { StorageClass });
      await put(StorageClass, "two", {});
      const step = world.step("s3-object-version", verbs, { bucket: Bucket, key: StorageClass });

      await expect(step.preflight()).rejects.toMatchObject({
        name: "Refusal",
        message: expect.stringMatching(
          new RegExp(`${archived}.*${StorageClass}.*Nothing was changed.*restore`, "s"),
        ),
      });
    },
  );

  it("keeps them when a manifest names an earlier release again", async () => {
    const file = "tunnel.AppImage";
    const sum = createHash("sha256").update("program").digest("hex");
    await put("v1.0.0/tunnel.AppImage", "program", {});
    await put("v1.0.0/SHA256SUMS", `${sum}  ${file}\n`, {});
    await put("manifest", '{"version":"1.0.0"}');
    await put("manifest", '{"version":"1.1.0"}');
    const before = await settingsOf("manifest");
    const step = world.step("update-manifest", manifestVerbs, {
      bucket: Bucket,
      key: "manifest",
      releases: { bucket: Bucket, files: [file] },
      set: { mandatory: true },
    });
    await step.apply();
    const applied = await settingsOf("manifest");
    await step.revert();

    expect(applied).toEqual(before);
    expect(await settingsOf("manifest")).toEqual(before);
  });
});
