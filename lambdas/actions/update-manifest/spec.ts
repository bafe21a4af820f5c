import * as z from "zod";
import { allow, defineAction } from "../../runtime/spec.ts";

const Version = z.strictObject({ versionId: z.string(), etag: z.string(), size: z.number() });
const Bucket = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "a bucket's name");

const PREFIX = "v{version}/";
const SUMS = "SHA256SUMS";

/**
 * T10. Clients are told to go back only to a release whose files are there and are what its checksums say. Nothing is
 * taken from the manifest of the bad release.
 */
export const updateManifest = defineAction({
  kind: "update-manifest",
  summary:
    "Point an update manifest in S3 back at the previous release, its files verified by their checksums",
  input: z.strictObject({
    bucket: Bucket.describe("bucket of the manifest, with versioning"),
    key: z.string().min(1).max(1024).describe("the manifest: a JSON object with a member `version`"),
    to: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/, "a release's version, or previous")
      .default("previous")
      .describe("`previous`: the release that the manifest named before; or that release's version"),
    releases: z
      .strictObject({
        bucket: Bucket.describe("bucket of the releases"),
        prefix: z
          .string()
          .max(512)
          .default(PREFIX)
          .describe("where a release's files are; {version} is put in"),
        files: z.array(z.string().min(1).max(255)).min(1).max(20).describe("files that every release has"),
        sums: z
          .string()
          .default(SUMS)
          .describe("the release's own list of checksums, as sha256sum writes it"),
      })
      .describe("the release objects that are verified"),
    set: z
      .record(z.string(), z.union([z.string(), z.boolean(), z.number()]))
      .default({})
      .describe("members to set in the manifest, such as mandatory and changelog"),
  }),
  before: z.strictObject({
    current: Version,
    /** The earlier version of the manifest that is taken up again. */
    source: Version,
    from: z.string(),
    to: z.string(),
    files: z.array(z.strictObject({ key: z.string(), sha256: z.string() })),
  }),
  outputs: z.strictObject({ version: z.string().describe("release that the manifest names now") }),
  effect: "switches",
  keepsBefore: true,
  revertible: true,
  timing: { timeoutSeconds: 300, pollSeconds: 5 },
  permissions: ({ bucket, key, to, releases }, arn) => {
    const named = (resource: string) => arn.of("s3", resource, { region: "", account: "" });
    // A plan's own text: what it leaves out is filled in only when the step is called.
    const { prefix = PREFIX, sums = SUMS } = releases;
    const folder = prefix.replaceAll("{version}", to === undefined || to === "previous" ? "*" : to);
    const manifest = allow(["s3:GetObject", "s3:GetObjectVersion"], named(`${bucket}/${key}`));
    return {
      read: [
        allow("s3:ListBucketVersions", named(bucket), { StringEquals: { "s3:prefix": key } }),
        manifest,
        allow(
          "s3:GetObject",
          [...releases.files, sums].map((file) => named(`${releases.bucket}/${folder}${file}`)),
        ),
      ],
      write: [
        manifest,
        allow(
          ["s3:PutObject", "s3:GetObjectVersionTagging", "s3:PutObjectTagging"],
          named(`${bucket}/${key}`),
        ),
      ],
    };
  },
  touches: ({ bucket, key }) => [{ type: "s3-object", id: `${bucket}/${key}` }],
  clients: ["@aws-sdk/client-s3", "@aws-sdk/client-dynamodb"],
  runbooks: ["T10"],
  docs: ["https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html"],
});
