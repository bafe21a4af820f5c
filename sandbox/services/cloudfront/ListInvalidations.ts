import type { ListInvalidationsCommandInput, ListInvalidationsResult } from "@aws-sdk/client-cloudfront";
import { operation } from "../../service.ts";
import { distributionArn, distributionOf } from "./state.ts";

/** All of them, newest first. */
export const ListInvalidations = operation<ListInvalidationsCommandInput, ListInvalidationsResult>({
  authorize: (input, { world }) => [
    { action: "cloudfront:ListInvalidations", resources: [distributionArn(world, input.DistributionId)] },
  ],
  run: (input, { world }) => {
    const { invalidations } = distributionOf(world, input.DistributionId);
    const limit = Number(input.MaxItems ?? 100);
    const begin = input.Marker ? invalidations.findIndex(({ id }) => id === input.Marker) + 1 : 0;
    const page = invalidations.slice(begin, begin + limit);
    const more = begin + limit < invalidations.length;
    return {
      InvalidationList: {
        Marker: input.Marker ?? "",
        MaxItems: limit,
        IsTruncated: more,
        ...(more ? { NextMarker: page.at(-1)!.id } : {}),
        Quantity: page.length,
        Items: page.map(({ id, createdAt, completed }) => ({
          Id: id,
          CreateTime: new Date(createdAt),
          Status: completed ? "Completed" : "InProgress",
        })),
      },
    };
  },
});
