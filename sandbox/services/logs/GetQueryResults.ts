import type { GetQueryResultsCommandInput, GetQueryResultsResponse } from "@aws-sdk/client-cloudwatch-logs";
import { operation } from "../../service.ts";
import { queryOf } from "./state.ts";

/** How far a query is, and its rows when it is done. A running one shows nothing yet. */
export const GetQueryResults = operation<GetQueryResultsCommandInput, GetQueryResultsResponse>({
  authorize: () => [{ action: "logs:GetQueryResults", resources: ["*"] }],
  run: ({ queryId }, { world }) => {
    const query = queryOf(world, queryId);
    const status = query.stopped ? "Cancelled" : world.clock.now() < query.endsAt ? "Running" : "Complete";
    const done = status === "Complete";
    return {
      queryLanguage: "CWLI",
      status,
      results: done ? query.rows : [],
      statistics: {
        recordsMatched: done ? query.matched : 0,
        recordsScanned: done ? query.scanned : 0,
        bytesScanned: done ? query.bytes : 0,
      },
    };
  },
});
