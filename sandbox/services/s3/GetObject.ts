import type { GetObjectCommandInput, GetObjectOutput } from "@aws-sdk/client-s3";
import { operation } from "../../service.ts";
import { checkRead } from "./conditions.ts";
import { authorizeRead, mustBeReadable, objectHeaders, rangeOf } from "./reading.ts";
import { bucketOf, versionOf } from "./state.ts";

/** An object, or a range of it, as it was written. */
export const GetObject = operation<
  GetObjectCommandInput,
  Omit<GetObjectOutput, "Body"> & { Body: Uint8Array }
>({
  authorize: authorizeRead,
  run: (input, { world }) => {
    const bucket = bucketOf(world, input.Bucket);
    const version = versionOf(bucket, input.Key, input.VersionId);
    checkRead(version, input);
    mustBeReadable(version);
    const size = version.body.byteLength;
    const range = rangeOf(input.Range, size);
    const headers = objectHeaders(bucket, version, input);
    if (!range) return { ...headers, Body: version.body };
    const Body = version.body.subarray(range.from, range.to + 1);
    return {
      ...headers,
      Body,
      ContentLength: Body.byteLength,
      ContentRange: `bytes ${range.from}-${range.to}/${size}`,
    };
  },
});
