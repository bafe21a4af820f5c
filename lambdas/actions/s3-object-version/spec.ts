import * as z from "zod";
import { allow, defineAction } from "../../runtime/spec.ts";

const Version = z.strictObject({ versionId: z.string(), etag: z.string(), size: z.number() });

/** Where Terraform's S3 backend keeps its lock (`use_lockfile`). */
export const lockOf = (key: string): string => `${key}.tflock`;

/** T10, R12. An earlier version is copied on top of the present one: every version stays. */
export const s3ObjectVersion = defineAction({
  kind: "s3-object-version",
  summary: "Put an earlier version of an S3 object on top of the present one",
  input: z.strictObject({
    bucket: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "a bucket's name")
      .describe(
        "bucket, with versioning; a copy has the bucket's own retention and no ACL: let a policy say who reads it",
      ),
    key: z.string().min(1).max(1024).describe("the object's key"),
    version: z
      .union([z.literal("previous"), z.string().min(1).max(1024)])
      .default("previous")
      .describe(
        "`previous`: the newest version with other content; `before-deployment`: the newest written before the recorded deployment; or a version id",
      ),
    terraform: z
      .boolean()
      .default(false)
      .describe(
        "the object is a Terraform state: refused while Terraform holds its lock (`<key>.tflock`) and for a version of another lineage; taken back, what Terraform has written since is left",
      ),
  }),
  before: z.strictObject({ current: Version, target: Version, serial: z.int().optional() }),
  outputs: z.strictObject({
    etag: z
      .string()
      .describe(
        "ETag of the version that was put on top; the copy's own is another where KMS encrypts it or it came in parts",
      ),
    serial: z
      .int()
      .optional()
      .describe(
        "with `terraform`: serial of the state that was replaced; let what is written next be above it",
      ),
  }),
  effect: "overwrites",
  keepsBefore: true,
  revertible: true,
  timing: { timeoutSeconds: 300, pollSeconds: 5 },
  permissions: ({ bucket, key, terraform }, arn) => {
    const named = (resource: string) => arn.of("s3", resource, { region: "", account: "" });
    const read = allow(["s3:GetObject", "s3:GetObjectVersion"], named(`${bucket}/${key}`));
    const list = (prefix: string | string[]) =>
      allow("s3:ListBucketVersions", named(bucket), { StringEquals: { "s3:prefix": prefix } });
    // A copy takes the tags along, which S3 refuses without these where there are any.
    const put = allow(
      ["s3:PutObject", "s3:GetObjectVersionTagging", "s3:PutObjectTagging"],
      named(`${bucket}/${key}`),
    );
    if (!terraform) return { read: [list(key), read], write: [read, put] };
    return { read: [list([key, lockOf(key)]), read], write: [list(lockOf(key)), read, put] };
  },
  touches: ({ bucket, key }) => [{ type: "s3-object", id: `${bucket}/${key}` }],
  clients: ["@aws-sdk/client-s3", "@aws-sdk/client-dynamodb"],
  runbooks: ["T10", "R12"],
  docs: [
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/RestoringPreviousVersions.html",
    "https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html",
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html",
    "https://developer.hashicorp.com/terraform/language/backend/s3",
  ],
});
