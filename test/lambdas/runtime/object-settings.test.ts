import { describe, expect, it } from "vitest";
import { archiveOf, writtenAs } from "../../../lambdas/runtime/object-settings.ts";

describe("what a write says again of an object", () => {
  it("names a KMS key, and leaves S3's own to the bucket's default", () => {
    const kms = {
      ServerSideEncryption: "aws:kms:dsse",
      SSEKMSKeyId: "key",
      BucketKeyEnabled: false,
    } as const;

    expect(writtenAs(kms, {}, "mark")).toMatchObject(kms);
    expect(writtenAs({ ServerSideEncryption: "AES256" }, {}, "mark")).not.toHaveProperty(
      "ServerSideEncryption",
    );
  });

  it("puts what is read in no archive, and keeps any other class that the object has now", () => {
    const written = (StorageClass: "GLACIER" | "INTELLIGENT_TIERING") =>
      writtenAs({ StorageClass: "GLACIER" }, { StorageClass }, "mark").StorageClass;

    expect([written("GLACIER"), written("INTELLIGENT_TIERING")]).toEqual([undefined, "INTELLIGENT_TIERING"]);
  });

  it.each([
    ["Wed, 21 Oct 2026 07:28:00 GMT", "2026-10-21T07:28:00.000Z"],
    ["0", "1970-01-01T00:00:00.000Z"],
    ["-1", "1970-01-01T00:00:00.000Z"],
    [undefined, undefined],
  ])("says Expires %s as the moment that it means", (ExpiresString, expected) => {
    expect(writtenAs({ ExpiresString }, {}, "mark").Expires?.toISOString()).toBe(expected);
  });
});

describe("a version in an archive", () => {
  it("is one until it is restored, and Glacier Instant Retrieval is none", () => {
    expect(archiveOf({ StorageClass: "DEEP_ARCHIVE", Restore: 'ongoing-request="true"' })).toBe(
      "DEEP_ARCHIVE",
    );
    expect(
      archiveOf({
        StorageClass: "GLACIER",
        Restore: 'ongoing-request="false", expiry-date="Fri, 23 Oct 2026 00:00:00 GMT"',
      }),
    ).toBeUndefined();
    expect(archiveOf({ StorageClass: "GLACIER_IR" })).toBeUndefined();
    expect(archiveOf({ StorageClass: "INTELLIGENT_TIERING", ArchiveStatus: "ARCHIVE_ACCESS" })).toBe(
      "ARCHIVE_ACCESS",
    );
    expect(archiveOf({ StorageClass: "INTELLIGENT_TIERING" })).toBeUndefined();
  });
});
