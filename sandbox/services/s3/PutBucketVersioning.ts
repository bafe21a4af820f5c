import type { PutBucketVersioningCommandInput } from "@aws-sdk/client-s3";
import { operation, ServiceException } from "../../service.ts";
import { bucketArn, bucketOf } from "./state.ts";

/** Switches versioning on, or suspends it. */
export const PutBucketVersioning = operation<PutBucketVersioningCommandInput, object>({
  authorize: (input) => [{ action: "s3:PutBucketVersioning", resources: [bucketArn(input.Bucket)] }],
  run: (input, { world }) => {
    const bucket = bucketOf(world, input.Bucket);
    const status = input.VersioningConfiguration?.Status;
    if (status !== "Enabled" && status !== "Suspended")
      throw new ServiceException(
        "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema",
      );
    bucket.versioning = status;
    return {};
  },
});
