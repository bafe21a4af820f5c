import type { ListObjectsCommandInput, ListObjectsOutput } from "@aws-sdk/client-s3";
import { type Call, operation } from "../../service.ts";
import { ListObjectsV2 } from "./ListObjectsV2.ts";
import { authorizeList } from "./listing.ts";

/** The older listing, with markers for tokens. */
export const ListObjects = operation<ListObjectsCommandInput, ListObjectsOutput>({
  authorize: (input) => authorizeList("s3:ListBucket", input),
  run: async (input, call: Call) => {
    const { KeyCount, StartAfter, ContinuationToken, NextContinuationToken, ...listed } =
      await ListObjectsV2.run({ ...input, StartAfter: input.Marker } as never, call);
    const next = NextContinuationToken ? Buffer.from(NextContinuationToken, "base64").toString() : undefined;
    return { ...listed, Marker: input.Marker ?? "", NextMarker: next };
  },
});
