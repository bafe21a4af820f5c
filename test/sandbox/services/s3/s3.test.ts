import { Agent } from "node:http";
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { s3 } from "../../../../sandbox/services/s3/index.ts";
import { openWorld, type TestWorld } from "../../front/harness.ts";

let test: TestWorld;
let client: S3Client;
const Bucket = "lab-reports";

beforeAll(async () => {
  test = await openWorld([s3]);
  client = new S3Client(test.admin);
  await client.send(new CreateBucketCommand({ Bucket }));
  await client.send(
    new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }),
  );
});
afterAll(() => test.close());

const put = (Key: string, Body: string, more = {}) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const text = async (Key: string, more = {}) =>
  (await client.send(new GetObjectCommand({ Bucket, Key, ...more }))).Body?.transformToString();

describe("S3 objects", () => {
  it("gives back what was written, with its headers and metadata", async () => {
    await put("a b/ü+report.md", "hello", {
      ContentType: "text/markdown",
      Metadata: { run: "r-1" },
      CacheControl: "no-cache",
    });

    const found = await client.send(new GetObjectCommand({ Bucket, Key: "a b/ü+report.md" }));

    expect(await found.Body?.transformToString()).toBe("hello");
    expect(found).toMatchObject({
      ContentType: "text/markdown",
      Metadata: { run: "r-1" },
      CacheControl: "no-cache",
      ContentLength: 5,
    });
    expect(found.ETag).toBe('"5d41402abc4b2a76b9719d911017c592"');
  });

  it("keeps every version, and a delete only puts a marker on top", async () => {
    const first = await put("plan", "one");
    await put("plan", "two");

    const deleted = await client.send(new DeleteObjectCommand({ Bucket, Key: "plan" }));

    await expect(text("plan")).rejects.toMatchObject({ name: "NoSuchKey" });
    expect(deleted.DeleteMarker).toBe(true);
    expect(await text("plan", { VersionId: first.VersionId })).toBe("one");
    const { Versions, DeleteMarkers } = await client.send(
      new ListObjectVersionsCommand({ Bucket, Prefix: "plan" }),
    );
    expect(Versions?.map((each) => each.IsLatest)).toEqual([false, false]);
    expect(DeleteMarkers?.map((each) => each.IsLatest)).toEqual([true]);
  });

  it("takes the delete back when the marker's own version is deleted", async () => {
    await put("undo", "here");
    const { VersionId } = await client.send(new DeleteObjectCommand({ Bucket, Key: "undo" }));

    await client.send(new DeleteObjectCommand({ Bucket, Key: "undo", VersionId }));

    expect(await text("undo")).toBe("here");
  });

  it("writes under If-None-Match only what is not there, and under If-Match only over what was read", async () => {
    const first = await put("state", "1", { IfNoneMatch: "*" });

    const again = put("state", "2", { IfNoneMatch: "*" });
    await expect(again).rejects.toMatchObject({
      name: "PreconditionFailed",
      $metadata: { httpStatusCode: 412 },
    });
    await put("state", "3", { IfMatch: first.ETag });
    await expect(put("state", "4", { IfMatch: first.ETag })).rejects.toMatchObject({
      name: "PreconditionFailed",
    });

    expect(await text("state")).toBe("3");
  });

  it("answers a range with that part only", async () => {
    await put("long", "0123456789");

    const found = await client.send(new GetObjectCommand({ Bucket, Key: "long", Range: "bytes=2-4" }));

    expect([
      found.$metadata.httpStatusCode,
      found.ContentRange,
      await found.Body?.transformToString(),
    ]).toEqual([206, "bytes 2-4/10", "234"]);
  });

  it("refuses a body that is not what its checksum says", async () => {
    const damaged = put("bad", "hello", { ChecksumSHA256: Buffer.alloc(32).toString("base64") });

    await expect(damaged).rejects.toMatchObject({ name: "BadDigest" });
  });

  it("copies an object with its metadata", async () => {
    await put("from me", "copied", { Metadata: { kept: "yes" } });

    await client.send(
      new CopyObjectCommand({ Bucket, Key: "to", CopySource: `${Bucket}/${encodeURIComponent("from me")}` }),
    );

    const head = await client.send(new HeadObjectCommand({ Bucket, Key: "to" }));
    expect([await text("to"), head.Metadata]).toEqual(["copied", { kept: "yes" }]);
  });

  it("lists in pages and folds at the delimiter", async () => {
    for (const key of ["l/a", "l/b/1", "l/b/2", "l/c"]) await put(key, "x");

    const pages = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await client.send(
        new ListObjectsV2Command({ Bucket, Prefix: "l/", Delimiter: "/", MaxKeys: 1, ContinuationToken }),
      );
      pages.push(
        ...(page.Contents ?? []).map((each) => each.Key),
        ...(page.CommonPrefixes ?? []).map((each) => each.Prefix),
      );
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);

    expect(pages).toEqual(["l/a", "l/b/", "l/c"]);
  });

  it("answers HEAD for what is not there without a body, as NotFound", async () => {
    const missing = client.send(new HeadObjectCommand({ Bucket, Key: "nothing" }));

    await expect(missing).rejects.toMatchObject({ name: "NotFound", $metadata: { httpStatusCode: 404 } });
  });

  it("reaches a bucket by its host name as well as by the path", async () => {
    await put("host", "by name");
    // Not every resolver knows names under localhost.
    const httpAgent = new Agent({
      lookup: (_, __, done) => done(null, [{ address: "127.0.0.1", family: 4 }]),
    });
    const endpoint = test.endpoint.replace("127.0.0.1", "localhost");
    const virtual = new S3Client({ ...test.admin, endpoint, requestHandler: { httpAgent } });

    const found = await virtual.send(new GetObjectCommand({ Bucket, Key: "host" }));

    expect(await found.Body?.transformToString()).toBe("by name");
  });

  it("says what it does not implement, and changes nothing", async () => {
    const part = client.send(
      new UploadPartCommand({ Bucket, Key: "big", PartNumber: 1, UploadId: "x", Body: "y" }),
    );

    await expect(part).rejects.toMatchObject({
      name: "NotImplementedBySandbox",
      $metadata: { httpStatusCode: 501 },
    });
    await expect(text("big")).rejects.toMatchObject({ name: "NoSuchKey" });
  });
});

describe("S3 buckets", () => {
  it("answers settings as they were put, and the defaults of a new bucket", async () => {
    const Rules = [
      {
        ID: "old",
        Status: "Enabled" as const,
        Filter: { Prefix: "" },
        NoncurrentVersionExpiration: { NoncurrentDays: 30 },
      },
    ];
    await client.send(
      new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }),
    );
    await client.send(
      new PutBucketEncryptionCommand({
        Bucket,
        ServerSideEncryptionConfiguration: {
          Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" } }],
        },
      }),
    );

    expect((await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules).toEqual(Rules);
    expect((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe("Enabled");
    const encryption = await client.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(
      encryption.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault
        ?.SSEAlgorithm,
    ).toBe("aws:kms");
    const block = await client.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(block.PublicAccessBlockConfiguration?.RestrictPublicBuckets).toBe(true);
    expect((await client.send(new ListBucketsCommand({}))).Buckets?.map((each) => each.Name)).toEqual([
      Bucket,
    ]);
  });

  it("a bucket policy's Deny wins over what a role may do", async () => {
    await client.send(new CreateBucketCommand({ Bucket: "guarded" }));
    const role = await test.as("writer", [
      { Effect: "Allow", Action: "s3:*", Resource: "arn:aws:s3:::guarded/*" },
    ]);
    const writer = new S3Client(role);
    await writer.send(new PutObjectCommand({ Bucket: "guarded", Key: "kept", Body: "x" }));
    const statement = {
      Effect: "Deny",
      Principal: "*",
      Action: "s3:Delete*",
      Resource: "arn:aws:s3:::guarded/*",
    };
    await client.send(
      new PutBucketPolicyCommand({ Bucket: "guarded", Policy: JSON.stringify({ Statement: [statement] }) }),
    );

    const deletion = writer.send(new DeleteObjectCommand({ Bucket: "guarded", Key: "kept" }));

    await expect(deletion).rejects.toMatchObject({
      name: "AccessDenied",
      message:
        "User: arn:aws:sts::123456789012:assumed-role/writer/test is not authorized to perform: s3:DeleteObject on resource: " +
        "arn:aws:s3:::guarded/kept with an explicit deny in a resource-based policy",
    });
    const stored = await client.send(new GetBucketPolicyCommand({ Bucket: "guarded" }));
    expect(JSON.parse(stored.Policy ?? "")).toEqual({ Statement: [statement] });
  });

  it("refuses what is not a bucket", async () => {
    await expect(client.send(new HeadBucketCommand({ Bucket: "none-here" }))).rejects.toMatchObject({
      name: "NotFound",
    });
    await expect(
      client.send(new PutObjectCommand({ Bucket: "none-here", Key: "x", Body: "y" })),
    ).rejects.toMatchObject({
      name: "NoSuchBucket",
    });
  });
});
