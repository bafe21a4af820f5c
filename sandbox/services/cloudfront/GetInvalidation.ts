import type { GetInvalidationCommandInput, GetInvalidationResult } from "@aws-sdk/client-cloudfront";
import { operation, ServiceException } from "../../service.ts";
import { shownInvalidation } from "./shown.ts";
import { distributionArn, distributionOf } from "./state.ts";

/** Whether the edges have forgotten. */
export const GetInvalidation = operation<GetInvalidationCommandInput, GetInvalidationResult>({
  authorize: (input, { world }) => [
    { action: "cloudfront:GetInvalidation", resources: [distributionArn(world, input.DistributionId)] },
  ],
  run: (input, { world }) => {
    const found = distributionOf(world, input.DistributionId).invalidations.find(({ id }) => id === input.Id);
    if (!found)
      throw new ServiceException("NoSuchInvalidation", "The specified invalidation does not exist.", {
        status: 404,
      });
    return { Invalidation: shownInvalidation(found) };
  },
});
