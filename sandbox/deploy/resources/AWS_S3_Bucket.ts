import { isDeepStrictEqual } from "node:util";
import { bucketSettings } from "../bucket-settings.ts";
import { type Properties, type ResourceContext, resourceType } from "../resource.ts";

function bucketAttributes(Bucket: string, { world }: ResourceContext): Record<string, string> {
  return {
    Arn: `arn:aws:s3:::${Bucket}`,
    DomainName: `${Bucket}.s3.amazonaws.com`,
    RegionalDomainName: `${Bucket}.s3.${world.region}.amazonaws.com`,
    DualStackDomainName: `${Bucket}.s3.dualstack.${world.region}.amazonaws.com`,
  };
}

async function configure(
  Bucket: string,
  properties: Properties,
  before: Properties,
  { call }: ResourceContext,
): Promise<void> {
  for (const [name, { operation, request }] of Object.entries(bucketSettings)) {
    const value = properties[name];
    if (value === undefined || isDeepStrictEqual(value, before[name])) continue;
    await call("s3", operation, { Bucket, ...request(value as never) });
  }
}

/** A bucket with its settings. */
export const s3Bucket = resourceType({
  uses: [
    "BucketName",
    "VersioningConfiguration",
    "BucketEncryption",
    "PublicAccessBlockConfiguration",
    "LifecycleConfiguration",
    "OwnershipControls",
    "LoggingConfiguration",
    "Tags",
  ],
  records: ["AccessControl", "ObjectLockEnabled", "MetricsConfigurations", "InventoryConfigurations"],
  replacedBy: ["BucketName"],
  create: async (properties, context) => {
    const Bucket =
      (properties["BucketName"] as string | undefined) ?? context.physicalName(63, { lower: true });
    await context.call("s3", "CreateBucket", { Bucket });
    await configure(Bucket, properties, {}, context);
    return { physicalId: Bucket, attributes: bucketAttributes(Bucket, context) };
  },
  update: async (properties, context, { made, properties: before }) => {
    await configure(made.physicalId, properties, before, context);
    return made;
  },
  delete: async ({ physicalId: Bucket }, { call }) => {
    await call("s3", "DeleteBucket", { Bucket });
  },
});
