import type { HeadObjectCommandInput, HeadObjectOutput } from "@aws-sdk/client-s3";
import { operation } from "../../service.ts";
import { checkRead } from "./conditions.ts";
import { authorizeRead, objectHeaders } from "./reading.ts";
import { bucketOf, versionOf } from "./state.ts";

/** An object's headers without its body. */
export const HeadObject = operation<HeadObjectCommandInput, HeadObjectOutput>({
  authorize: authorizeRead,
  run: (input, { world }) => {
    const bucket = bucketOf(world, input.Bucket);
    const version = versionOf(bucket, input.Key, input.VersionId);
    checkRead(version, input);
    return objectHeaders(bucket, version, input);
  },
});
