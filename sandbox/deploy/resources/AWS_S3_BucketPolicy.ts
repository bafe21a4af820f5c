import { policyText, resourceType } from "../resource.ts";

/** The policy of a bucket. */
export const s3BucketPolicy = resourceType({
  uses: ["Bucket", "PolicyDocument"],
  replacedBy: ["Bucket"],
  create: async (properties, { call }) => {
    const Bucket = properties["Bucket"] as string;
    await call("s3", "PutBucketPolicy", { Bucket, Policy: policyText(properties["PolicyDocument"]) });
    return { physicalId: Bucket, attributes: {} };
  },
  update: async (properties, { call }, { made }) => {
    await call("s3", "PutBucketPolicy", {
      Bucket: made.physicalId,
      Policy: policyText(properties["PolicyDocument"]),
    });
    return made;
  },
  delete: async ({ physicalId: Bucket }, { call }) => {
    await call("s3", "DeleteBucketPolicy", { Bucket });
  },
});
