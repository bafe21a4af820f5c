import type { Service } from "../../service.ts";
import { bucketEncryption } from "./bucket-encryption.ts";
import { bucketLifecycle } from "./bucket-lifecycle.ts";
import { bucketLogging } from "./bucket-logging.ts";
import { bucketOwnership } from "./bucket-ownership.ts";
import { bucketTagging } from "./bucket-tagging.ts";
import { CopyObject } from "./CopyObject.ts";
import { CreateBucket } from "./CreateBucket.ts";
import { DeleteBucket } from "./DeleteBucket.ts";
import { DeleteBucketPolicy } from "./DeleteBucketPolicy.ts";
import { DeleteObject } from "./DeleteObject.ts";
import { DeleteObjects } from "./DeleteObjects.ts";
import { GetBucketPolicy } from "./GetBucketPolicy.ts";
import { GetBucketVersioning } from "./GetBucketVersioning.ts";
import { GetObject } from "./GetObject.ts";
import { GetObjectTagging } from "./GetObjectTagging.ts";
import { HeadBucket } from "./HeadBucket.ts";
import { HeadObject } from "./HeadObject.ts";
import { ListBuckets } from "./ListBuckets.ts";
import { ListObjects } from "./ListObjects.ts";
import { ListObjectsV2 } from "./ListObjectsV2.ts";
import { ListObjectVersions } from "./ListObjectVersions.ts";
import { PutBucketPolicy } from "./PutBucketPolicy.ts";
import { PutBucketVersioning } from "./PutBucketVersioning.ts";
import { PutObject } from "./PutObject.ts";
import { publicAccessBlock } from "./public-access-block.ts";
import { s3State } from "./state.ts";

/** Amazon S3: versioned objects, conditions, bucket policies. Multipart uploads are not implemented. */
export const s3: Service = {
  name: "s3",
  client: () => import("@aws-sdk/client-s3"),
  operations: {
    CopyObject,
    CreateBucket,
    DeleteBucket,
    DeleteBucketPolicy,
    DeleteObject,
    DeleteObjects,
    GetBucketPolicy,
    GetBucketVersioning,
    GetObject,
    GetObjectTagging,
    HeadBucket,
    HeadObject,
    ListBuckets,
    ListObjectVersions,
    ListObjects,
    ListObjectsV2,
    PutBucketPolicy,
    PutBucketVersioning,
    PutObject,
    PutBucketEncryption: bucketEncryption.put,
    GetBucketEncryption: bucketEncryption.get,
    DeleteBucketEncryption: bucketEncryption.remove,
    PutPublicAccessBlock: publicAccessBlock.put,
    GetPublicAccessBlock: publicAccessBlock.get,
    DeletePublicAccessBlock: publicAccessBlock.remove,
    PutBucketLifecycleConfiguration: bucketLifecycle.put,
    GetBucketLifecycleConfiguration: bucketLifecycle.get,
    DeleteBucketLifecycle: bucketLifecycle.remove,
    PutBucketTagging: bucketTagging.put,
    GetBucketTagging: bucketTagging.get,
    DeleteBucketTagging: bucketTagging.remove,
    PutBucketOwnershipControls: bucketOwnership.put,
    GetBucketOwnershipControls: bucketOwnership.get,
    DeleteBucketOwnershipControls: bucketOwnership.remove,
    PutBucketLogging: bucketLogging.put,
    GetBucketLogging: bucketLogging.get,
  },
  resourcePolicy: (world, arn) =>
    s3State(world).buckets.get(arn.split(":::")[1]?.split("/")[0] ?? "")?.policy?.document,
};
