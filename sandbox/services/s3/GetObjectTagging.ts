import type { GetObjectTaggingCommandInput, GetObjectTaggingOutput } from "@aws-sdk/client-s3";
import { operation } from "../../service.ts";
import { bucketOf, objectArn, shownVersion, versionOf } from "./state.ts";

/** The tags of an object or of one of its versions. */
export const GetObjectTagging = operation<GetObjectTaggingCommandInput, GetObjectTaggingOutput>({
  authorize: (input) => [
    {
      action: input.VersionId ? "s3:GetObjectVersionTagging" : "s3:GetObjectTagging",
      resources: [objectArn(input.Bucket, input.Key)],
    },
  ],
  run: (input, { world }) => {
    const bucket = bucketOf(world, input.Bucket);
    const version = versionOf(bucket, input.Key, input.VersionId);
    return { TagSet: version.tags, VersionId: shownVersion(bucket, version) };
  },
});
