import type { CreateBucketCommandInput, CreateBucketOutput } from "@aws-sdk/client-s3";
import { operation, ServiceException } from "../../service.ts";
import { bucketArn, s3State } from "./state.ts";

/** Makes a bucket: private, unversioned. */
export const CreateBucket = operation<CreateBucketCommandInput, CreateBucketOutput>({
  authorize: (input) => [{ action: "s3:CreateBucket", resources: [bucketArn(input.Bucket)] }],
  run: (input, { world }) => {
    const { buckets } = s3State(world);
    const name = input.Bucket ?? "";
    if (!/^(?!xn--)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name))
      throw new ServiceException("InvalidBucketName", "The specified bucket is not valid.", {
        members: { BucketName: name },
      });
    if (buckets.has(name))
      throw new ServiceException(
        "BucketAlreadyOwnedByYou",
        "Your previous request to create the named bucket succeeded and you already own it.",
        { members: { BucketName: name } },
      );
    const createdAt = world.clock.now();
    buckets.set(name, {
      name,
      createdAt,
      versioning: undefined,
      policy: undefined,
      settings: new Map(),
      objects: new Map(),
    });
    return { Location: `/${name}` };
  },
});
