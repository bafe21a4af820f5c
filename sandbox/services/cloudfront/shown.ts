import type { Invalidation as ShownInvalidation } from "@aws-sdk/client-cloudfront";
import type { Invalidation } from "./state.ts";

/** An invalidation as the API answers it. */
export const shownInvalidation = (each: Invalidation): ShownInvalidation => ({
  Id: each.id,
  Status: each.completed ? "Completed" : "InProgress",
  CreateTime: new Date(each.createdAt),
  InvalidationBatch: {
    CallerReference: each.callerReference,
    Paths: { Quantity: each.paths.length, Items: each.paths },
  },
});
