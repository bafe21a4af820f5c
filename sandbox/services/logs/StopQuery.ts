import type { StopQueryCommandInput, StopQueryResponse } from "@aws-sdk/client-cloudwatch-logs";
import { operation, ServiceException } from "../../service.ts";
import { queryOf } from "./state.ts";

/** Stops a query that runs; one that has ended is an error, as AWS has it. */
export const StopQuery = operation<StopQueryCommandInput, StopQueryResponse>({
  authorize: () => [{ action: "logs:StopQuery", resources: ["*"] }],
  run: ({ queryId }, { world }) => {
    const query = queryOf(world, queryId);
    if (query.stopped || world.clock.now() >= query.endsAt)
      throw new ServiceException(
        "InvalidParameterException",
        `Specified query id ${queryId} is not currently running.`,
      );
    query.stopped = true;
    return { success: true };
  },
});
